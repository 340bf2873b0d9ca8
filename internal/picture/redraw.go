package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
)

// most is how many bytes of memory the points of a picture may take. A photograph of 40 million points does, one of 8 million that is
// drawn in passes, a PNG of 15 million, or an animation of 60 frames of a million each.
const most = 60 << 20

const quality = 90 // of JPEG: nobody sees the difference

// ErrTooLarge is of a picture that has more points than we draw, whatever its file weighs.
var ErrTooLarge = errors.New("the picture has too many points")

// ErrNone is of what is no PNG, JPEG, GIF or WebP, or a broken one.
var ErrNone = errors.New("this is no picture that can be drawn")

// turn is whose it is to draw, one at a time: most holds for all together.
var turn = make(chan struct{}, 1)

// Redraw draws a picture anew, so that nothing is left of its file but what is seen: no notes, nothing behind its end, nothing that
// is at the same time a picture and something else. It returns the new file and its media type. A JPEG stays one, an animated GIF
// too; of an animation with too many points only the first frame is left, everything else becomes a PNG.
//
// The errors are ErrNone, ErrTooLarge, found out before anything is unpacked, and ctx's.
func Redraw(ctx context.Context, b []byte) (out []byte, kind string, err error) {
	c, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil, "", ErrNone
	}
	if weight(b, format, c) > most {
		return nil, "", ErrTooLarge
	}
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, "", context.Cause(ctx)
	}
	var w bytes.Buffer
	if points, frames := frames(b); format == "gif" && frames > 1 && points <= most {
		g, err := gif.DecodeAll(bytes.NewReader(b))
		if err != nil || gif.EncodeAll(&w, g) != nil {
			return nil, "", ErrNone
		}
		return w.Bytes(), "image/gif", nil
	}
	m, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, "", ErrNone
	}
	if format != "jpeg" {
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&w, m)
		return w.Bytes(), "image/png", err
	}
	if err := jpeg.Encode(&w, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, "", err
	}
	is := w.Bytes()
	return append(append(bytes.Clone(is[:2]), turned(orientation(b))...), is[2:]...), "image/jpeg", nil
}

// mostPoints of a picture that we send: twice what the best telephones take, and what every browser can still draw.
const mostPoints = 100_000_000

// TooLarge reports whether b is a picture with more points than anybody would send (100 million); nothing is unpacked to know it.
func TooLarge(b []byte) bool {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	return err == nil && int64(c.Width)*int64(c.Height) > mostPoints
}

// weight is how many bytes the points of a picture take while it is unpacked.
func weight(b []byte, format string, c image.Config) int64 {
	points := int64(c.Width) * int64(c.Height)
	switch {
	case format == "jpeg":
		return points * samples(b) / 4
	case format == "webp":
		return points * 4
	}
	switch c.ColorModel {
	case color.GrayModel:
		return points
	case color.Gray16Model:
		return points * 2
	case color.RGBA64Model, color.NRGBA64Model:
		return points * 8
	}
	if _, ok := c.ColorModel.(color.Palette); ok {
		return points
	}
	return points * 4
}

// samples is how many bytes four points of a JPEG take. One that is drawn in passes keeps all of them in numbers of four bytes, too.
func samples(b []byte) int64 {
	n := int64(4 * 4)
	segments(b, func(m byte, whole []byte) {
		if m < 0xC0 || m > 0xCF || m == 0xC4 || m == 0xC8 || m == 0xCC || len(whole) < 10 || len(whole) < 10+3*int(whole[9]) {
			return
		}
		of, densest := int64(0), int64(1)
		for k := range int(whole[9]) {
			here := int64(whole[11+3*k]>>4) * int64(whole[11+3*k]&15)
			of, densest = of+here, max(densest, here)
		}
		n = (4*of + densest - 1) / densest
		if m == 0xC2 {
			n *= 5
		}
	})
	return n
}

// frames counts the frames of a GIF and all their points, without unpacking them; 0 for what is none, or is broken.
func frames(b []byte) (points int64, n int) {
	if len(b) < 13 || string(b[:3]) != "GIF" {
		return 0, 0
	}
	colours := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	blocks := func(at int) int { // behind the blocks that begin at
		for at < len(b) && b[at] != 0 {
			at += 1 + int(b[at])
		}
		return at + 1
	}
	for at := 13 + colours(b[10]); at < len(b); {
		switch b[at] {
		case 0x21:
			at = blocks(at + 2)
		case 0x2C:
			if at+10 > len(b) {
				return 0, 0
			}
			points += int64(binary.LittleEndian.Uint16(b[at+5:])) * int64(binary.LittleEndian.Uint16(b[at+7:]))
			n++
			at = blocks(at + 11 + colours(b[at+9]))
		default: // 0x3B, the end, or rubbish
			return points, n
		}
	}
	return points, n
}
