import "@/ui/forms";
import { useState } from "react";
import { learn } from "@/lib/words";
import { answerWords } from "@/lib/words/answer";
import { AnswerPage } from "@/features/answer/AnswerPage";
import { takeToken } from "../token";

learn(answerWords);

export function AnswerRoute() {
  const [token] = useState(takeToken);
  return <AnswerPage token={token} />;
}
