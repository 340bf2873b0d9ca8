package email

import (
	"crypto/x509"
	"errors"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
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

// Patient makes a connector wait so long for an answer, and so long for what is said of a whole mail.
func Patient(k channel.Connector, answer, scan time.Duration) channel.Connector {
	c := k.(connector)
	c.patience, c.scan = answer, scan
	return c
}

// RemoteIDOf is the RemoteID that raw gets in the inbox.
func RemoteIDOf(c channel.Conn, raw []byte) string {
	e, _ := c.(*conn).event(raw, arrival{})
	return e.RemoteID
}

// fieldOf returns the setting that err is about.
func fieldOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Field
	}
	return ""
}
