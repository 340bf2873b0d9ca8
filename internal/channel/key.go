package channel

// sortable is the alphabet of keys, in the order they sort.
const sortable = "234567abcdefghijklmnopqrstuvwxyz"

// Key is v, of at most 63 bits, in the form of an Outgoing's Key: 13 letters that sort as the numbers do and are a valid TID of the
// AT Protocol.
func Key(v uint64) string {
	var out [13]byte
	for k := 12; k >= 0; k-- {
		out[k] = sortable[v&31]
		v >>= 5
	}
	return string(out[:])
}
