// Package mail is the house's own post: what Switchboard itself writes to people who work here. A question to a colleague, a
// reminder, a test. It never writes to a contact: that is a delivery, by an account.
//
// A letter is posted in the transaction that causes it, once for each key, and sent later by a job. Until it is sent its words
// are kept sealed, for they may hold a link that opens something; afterwards only who it went to and what became of it is
// kept. While no way of sending is set, nothing is posted, and whoever asks Ready can say so on the screen.
//
// A letter is sent again after a lost connection even when nobody can tell whether it went out: one that comes twice, under
// the same Message-ID, does less harm than one that never comes.
package mail
