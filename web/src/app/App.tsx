import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { Actions } from "@/lib/actions";
import { cssVariables, theme } from "@/ui/theme";
import { Toasts } from "@/ui/Toasts";
import { makeQueries } from "./queries";
import { makeRouter } from "./router";

/** The whole page: what everything below stands on. */
export function App() {
  const [queries] = useState(makeQueries);
  const [router] = useState(() => makeRouter(queries));
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Actions>
          <RouterProvider router={router} />
        </Actions>
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  );
}
