import "@/ui/forms";
import { Posts } from "@/features/desk/Posts";
import { learn } from "@/lib/words";
import { postWords } from "@/lib/words/post";

learn({ ...postWords });

export function PostsRoute() {
  return <Posts />;
}
