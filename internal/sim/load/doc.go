// Package load drives a running Switchboard from outside, as the busiest hour would: signed calls of the hook channel at a
// steady rate on one side, the live feed of somebody who sees everything on the other.
//
// It measures what people wait for: the time from the moment a message was due to be sent to the moment its entry came out of
// the live feed. Afterwards it reads everything back through the API and counts what was lost and what is there twice. It
// knows Switchboard by its addresses alone, and calls nobody but this machine.
package load
