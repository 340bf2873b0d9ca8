// Package intake is the one straight line from a channel to the desk: dedupe, contact, conversation, triage, routing, clocks,
// journal, in one transaction a batch.
//
// What never bends: Take returns only when what it was given is in the database, or set aside there as an item that a person
// must look at. The account a message arrived on does not decide who answers it. Our own words never raise work. In whichever
// order, and however often, the events of a message come, the end is the same.
package intake
