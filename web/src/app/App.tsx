import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { type RouterHistory, RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { Actions } from "@/lib/actions";
import { cssVariables, theme } from "@/ui/theme";
import { Toasts } from "@/ui/Toasts";
import { makeQueries } from "./queries";
import { makeRouter } from "./router";

/** The whole page: what everything below stands on. */
export function App({ history }: { history?: RouterHistory }) {
  const [queries] = useState(makeQueries);
  const [router] = useState(() => makeRouter(queries, history));
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      env={import.meta.env.MODE === "test" ? "test" : "default"}
    >
      <QueryClientProvider client={queries}>
        <Actions>
          <RouterProvider router={router} />
        </Actions>
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  );
}
