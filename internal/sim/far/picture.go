package far

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
)

// Picture draws a small PNG, bands of colour, the same for the same seed: what the people of a stand-in attach.
func Picture(seed string) []byte {
	h := fnv.New64a()
	_, _ = h.Write([]byte(seed)) // it never fails
	n := h.Sum64()
	base := color.RGBA{uint8(n), uint8(n >> 8), uint8(n >> 16), 255}
	bands := make(color.Palette, 8)
	for k := range bands {
		light := func(c uint8) uint8 { return uint8((int(c)*(8-k) + 255*k) / 8) }
		bands[k] = color.RGBA{light(base.R), light(base.G), light(base.B), 255}
	}
	const width, height = 320, 200
	p := image.NewPaletted(image.Rect(0, 0, width, height), bands)
	slope := int(n>>24)%5 - 2
	for y := range height {
		for x := range width {
			p.SetColorIndex(x, y, uint8(((y*4+x*slope)/100+32)%len(bands)))
		}
	}
	var out bytes.Buffer
	_ = png.Encode(&out, p) // into memory, of a picture that is one
	return out.Bytes()
}
