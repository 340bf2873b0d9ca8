package account

import (
	"context"

	"switchboard/internal/channel"
)

// Addresses are those under which an account is reached, as channel.AddressKey has them; sociable reports whether its answers can go to
// others beside who wrote. Of an account that can't be opened now only its own name is known. It is not to be called within a
// transaction: a connection that is opened may keep something.
func (b *Book) Addresses(ctx context.Context, a Account) (at []string, sociable bool) {
	at = []string{channel.AddressKey(a.Handle), channel.AddressKey(a.RemoteID)}
	conn, err := b.Conn(ctx, a.ID)
	if err != nil {
		return at, false
	}
	wide, sociable := conn.(channel.Sociable)
	if sociable {
		for _, more := range wide.Addresses() {
			at = append(at, channel.AddressKey(more))
		}
	}
	return at, sociable
}
