import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { say } from "@/lib/words";
import { Empty } from "@/ui/Async";

export function NotFound() {
  return (
    <Empty deed={<Button renderRoot={(props) => <Link to="/" {...props} />}>{say("app.notFound.home")}</Button>}>
      {say("app.notFound")}
    </Empty>
  );
}
