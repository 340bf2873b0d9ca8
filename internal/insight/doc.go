// Package insight knows what the machine does not know. For each conversation that opens it keeps a verdict: which departments
// were thought of and how surely, what was decided, and later which department really dealt with it. From the verdicts come
//
//   - the calibration: how often something said with 70 % was right (Calibrate);
//   - the thresholds: from which confidence a department gets messages unasked, so that the precision it wants is reached
//     (Thresholds). Only verdicts settled before count, so each figure is one that could have been known at the time;
//   - the scoreboard: how often it was right, where it drifts, what it mixes up (Score).
//
// What must stay true: a verdict is written with the conversation it is about, in one transaction; it is settled from the
// journal, each entry once, by whichever node is first; and nothing here is ever in the way of a message.
package insight
