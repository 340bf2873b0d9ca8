// Package acme is a company to try Switchboard on: ACME makes household machines, sells spare parts, and has customers who
// write all the time, in eight languages, on stand-in channels in the same process.
//
// Everything goes the real way. What customers say is said at a stand-in and read by the connector over HTTP or IMAP; what
// the company answers leaves through a delivery, and the customer reacts to what arrived there. Nobody writes into the
// database past the product. The same seed makes the same people say the same things.
//
// The stand-ins keep a ledger of what was said, so that a demo that is started again still has at its far sides what its
// database knows of.
package acme
