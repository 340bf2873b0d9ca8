import "@/ui/forms";
import "@mantine/core/styles/SegmentedControl.css";
import "@mantine/core/styles/Tabs.css";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { AnswerForm } from "@/features/library/AnswerForm";
import { AnswerPage } from "@/features/library/AnswerPage";
import { Answers } from "@/features/library/Answers";
import { proposedQuery } from "@/features/library/queries";
import { SavedReplies } from "@/features/library/SavedReplies";
import { learn } from "@/lib/words";
import { libraryWords } from "@/lib/words/library";
import { Async } from "@/ui/Async";

learn({ ...libraryWords });

export function AnswersRoute() {
  const search = useSearch({ from: "/inside/answers" });
  const navigate = useNavigate();
  return (
    <Answers search={search} onSearch={(next) => void navigate({ to: "/answers", search: next, replace: true })} />
  );
}

export function AnswerRoute() {
  const { answer } = useParams({ from: "/inside/answers/$answer" });
  return <AnswerPage key={answer} id={answer} />;
}

/** A new entry: empty, or made of a reply. */
export function NewAnswerRoute() {
  const { message } = useSearch({ from: "/inside/answers/new" });
  const navigate = useNavigate();
  const proposed = useQuery({ ...proposedQuery(message ?? ""), enabled: message !== undefined });
  const done = (entry?: { id: string }) =>
    void (entry ? navigate({ to: "/answers/$answer", params: { answer: entry.id } }) : navigate({ to: "/answers" }));
  return message ? (
    <Async of={proposed}>{(p) => <AnswerForm proposed={p} onDone={done} />}</Async>
  ) : (
    <AnswerForm onDone={done} />
  );
}

export function SavedRepliesRoute() {
  return <SavedReplies />;
}
