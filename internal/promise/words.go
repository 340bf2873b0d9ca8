package promise

// The classes of words/LANGUAGE.txt. Phrases are folded: accents do not count, but in endings ("*ré").
//
//	common            small words by which the language is told
//	me, us            who speaks; will: auxiliaries of what is to come; present: in this language the present says it, too
//	verb              endings of verbs beside "I" and "we"; clitic, small: what is none
//	static            verbs that do nothing for the reader: to be, to hope
//	do.me, do.us      verbs that say who speaks, if the reader or a time is named; with ! always
//	sure.me, sure.us  phrases that promise by themselves
//	ours, do.third    departments and colleagues, and their verbs; theirs: who is none of ours; article: before no name
//	you, reader       who is written to; in a condition
//	yours             "you will receive"; with ! without a time, too
//	passive, pp       "will be", "refunded": what is done without saying by whom
//	is, ready, by     "is", "fixed", "by": what is so on a day to come; with pp if that is the latest day
//	thing, goes       "the parcel", "leaves": what is on its way on a day to come
//	neg, hedge, past, habit, told, if, ask    what makes it no promise, or one that depends on the reader
//	giveus, nod, joint    "give us a week", "…, all right?", where a clause begins without a comma
//	number, rel.*, span.UNIT.N, unit.*, work, wdN, moN, noon, midnight, past.MINUTES, hourN    times; to, and, of, ordinal, clock, at,
//	at2, between, onthe, onthe2, onday, before, since, ago, agobefore    what stands beside them; beforeday: "before", if a weekday or
//	                  a date follows
//	part.DAY          "end of" before a month, and the day it lasts to, or before "next week" and "next month"; during: "in", "by"
//	                  before a month alone; mo: further forms of the twelve months in their order
//	daypart           "in the afternoon": of the day beside it; in German and Dutch the last word of it ends a weekday, too
//	latest, except, instead    "at the latest Friday", "except Friday", "not today but tomorrow"
//	kind.*            what is promised
