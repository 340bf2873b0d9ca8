// Package proof reads what somebody is about to say, as a colleague looking over their shoulder would: is it in the contact's
// language, does it send them away, does it tell in public what is private, does it fit? It warns and never forbids: whoever
// writes decides.
//
// It is pure: no database, no clock, no network, and nothing of ours imported. It stands on the server, not in the browser, so
// that every client of the API is warned alike, what is sent in parts is cut by the rule it is sent by, and the words of eight
// languages weigh nothing in the first page.
package proof
