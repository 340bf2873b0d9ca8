import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { say } from "@/lib/words";
import { Door } from "@/ui/Door";

export function NotFound() {
  return (
    <Door title={say("app.notFound")}>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>{say("app.notFound.home")}</Button>
    </Door>
  );
}
