// Package promise finds what a text promises to its reader, and by when: "we'll get back to you by Friday" is an answer, by the
// end of business that day. It knows English, German, French, Spanish, Italian, Portuguese, Dutch and Polish.
//
// It is pure: no database, no clock, no network. The text, the moment it is written and the business calendar give the answer,
// and the same ones give the same. It takes time linear in the text, whatever the text is.
//
// A text is cut into sentences and these into clauses. A clause promises when somebody of ours (I, we, a department, a
// colleague by name) will do something, and it is not a question, not denied, no guess, no rule that always holds, not past and
// not somebody else's words. Which words say so stands in words/LANGUAGE.txt, one class a line. The date is read from the clause,
// then from its sentence. What depends on the reader ("once you send us the number") promises no date.
package promise
