// Package clock is the only place that reads the time of day, and it knows when people work.
//
// Everything else is handed a Now func() time.Time, so that Monday morning can be tested on a Thursday. The zones of the
// world are built into the program: a machine without a zone database knows them too.
//
// A Calendar turns office hours ("Mon-Fri 9 to 17:30 in Berlin, closed at Christmas") into business time: how much of it lies
// between two moments, and which moment is so much of it away. A reading on the wall ("02:30 on the last Sunday of March") is
// always taken as the first moment at which clocks there show it or later. So an hour that is skipped lasts nothing, an hour
// that is doubled begins once, and a day that a country leaves out has no office hours.
package clock
