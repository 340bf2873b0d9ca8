import { Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMe, useSession } from "@/api/session";
import { say } from "@/lib/words";
import { Page } from "@/ui/Page";

/** What somebody from outside the company finds: why it is quiet here, whom to ask, and what is theirs. */
export function Outside() {
  const { organisation } = useSession();
  const { name } = useMe();
  return (
    <Page title={say("outside.title", { name })} narrow>
      <Text mb="md">{say("outside.why", { organisation: organisation.name || say("app.name") })}</Text>
      <Button variant="default" renderRoot={(props) => <Link to="/me" {...props} />}>
        {say("outside.me")}
      </Button>
    </Page>
  );
}
