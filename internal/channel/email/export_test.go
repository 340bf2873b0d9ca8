package email

import (
	"crypto/x509"
	"time"

	"switchboard/internal/channel"
)

// Quick makes a connector impatient, and trust roots beside nobody.
func Quick(k channel.Connector, roots *x509.CertPool) channel.Connector {
	c := k.(connector)
	c.roots = roots
	c.pause = 20 * time.Millisecond
	c.patience = 5 * time.Second
	c.poll, c.renew = 30*time.Millisecond, 50*time.Millisecond
	return c
}

// RemoteIDOf is the RemoteID that raw gets in the inbox.
func RemoteIDOf(c channel.Conn, raw []byte) string {
	e, _ := c.(*conn).event(raw, arrival{})
	return e.RemoteID
}
