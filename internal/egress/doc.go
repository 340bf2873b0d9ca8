// Package egress is the one way out: every connection that Switchboard makes to another machine, its database aside, is made
// here. A test at the root fails when anything else makes an HTTP client or a dialer.
//
// A Guard connects to public addresses only. It looks at the address a name has turned out to have, in the moment of
// connecting, so neither a strange spelling nor a name server that changes its mind nor a redirect leads inside. Exceptions
// are narrow and written down: a host and port, or a small range of addresses.
//
// A call ends after 10 seconds and its answer after 5 MB, unpacked; With says otherwise for one call. Redirects are followed
// only if With asks for it. Certificates are always checked; proxies named in the environment are not used.
//
// Before anything that writes leaves, the context's gate is asked (WithGate): the stop button, the fence of a delivery. Its
// yes is good for a second. A process that was frozen after it finds out when it wakes, and does not write.
package egress
