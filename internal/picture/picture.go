// Package picture makes pictures harmless: without the notes a camera leaves in them (Stripped), for those we send, and drawn
// anew (Redraw), for those that come from outside and are shown in a browser.
package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif"  // to know a picture's size
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise

	_ "golang.org/x/image/webp" // likewise
)

// Size returns a picture's width and height as it is shown; ok is false for what is none.
func Size(b []byte) (w, h int, ok bool) {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return 0, 0, false
	}
	if orientation(b) > 4 { // lies on its side
		return c.Height, c.Width, true
	}
	return c.Width, c.Height, true
}

// Stripped takes the notes out of a picture that a camera or a program left in it: where it was taken, when, by whom. The pixels
// stay as they are; so does the turn a JPEG is to be shown with. kind is a media type; what is of another one, or broken, comes
// back as it is.
func Stripped(b []byte, kind string) []byte {
	var out []byte
	switch kind {
	case "image/jpeg", "image/jpg":
		out = strippedJPEG(b)
	case "image/png":
		out = strippedPNG(b)
	case "image/webp":
		out = strippedWebP(b)
	}
	if out == nil {
		return b
	}
	return out
}

// segments calls each with the marker and the whole of every segment before the pixels, and returns where those begin; 0 if
// b is no sound JPEG.
func segments(b []byte, each func(marker byte, whole []byte)) int {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return 0
	}
	for k := 2; k+4 <= len(b); {
		if b[k] != 0xFF {
			return 0
		}
		m := b[k+1]
		if m == 0xFF { // filling
			k++
			continue
		}
		if m == 0xDA {
			return k
		}
		n := 2 + int(binary.BigEndian.Uint16(b[k+2:]))
		if n < 4 || k+n > len(b) {
			return 0
		}
		each(m, b[k:k+n])
		k += n
	}
	return 0
}

func strippedJPEG(b []byte) []byte {
	out := append([]byte{0xFF, 0xD8}, turned(orientation(b))...)
	pixels := segments(b, func(m byte, whole []byte) {
		// APP0 (JFIF), APP2 (colours) and APP14 (Adobe's colours) change how it looks; the other APPs and comments are notes.
		if m == 0xFE || m >= 0xE0 && m <= 0xEF && m != 0xE0 && m != 0xE2 && m != 0xEE {
			return
		}
		out = append(out, whole...)
	})
	if pixels == 0 {
		return nil
	}
	return append(out, b[pixels:]...)
}

// turned is the segment that says how a JPEG is to be turned; nothing if it stands upright.
func turned(o int) []byte {
	if o <= 1 {
		return nil
	}
	out := []byte{0xFF, 0xE1, 0, 34}
	out = append(out, "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"...)
	return append(out, byte(o), 0, 0, 0, 0, 0, 0)
}

// orientation returns how a JPEG is to be turned, 1 to 8; 1 if it is not said.
func orientation(b []byte) int {
	found := 1
	segments(b, func(m byte, whole []byte) {
		if m != 0xE1 || len(whole) < 18 || string(whole[4:10]) != "Exif\x00\x00" {
			return
		}
		t := whole[10:]
		var order binary.ByteOrder = binary.BigEndian
		if string(t[:2]) == "II" {
			order = binary.LittleEndian
		}
		at := int(order.Uint32(t[4:]))
		if at < 8 || at+2 > len(t) {
			return
		}
		for k := range int(order.Uint16(t[at:])) {
			e := at + 2 + 12*k
			if e+12 > len(t) {
				return
			}
			if v := order.Uint16(t[e+8:]); order.Uint16(t[e:]) == 0x0112 && v >= 1 && v <= 8 {
				found = int(v)
				return
			}
		}
	})
	return found
}

func strippedPNG(b []byte) []byte {
	const head = "\x89PNG\r\n\x1a\n"
	if len(b) < 8 || string(b[:8]) != head {
		return nil
	}
	out := []byte(head)
	for k := 8; k+12 <= len(b); {
		n := int(binary.BigEndian.Uint32(b[k:]))
		if n < 0 || n > len(b)-k-12 {
			return nil
		}
		switch kind := string(b[k+4 : k+8]); kind {
		case "tEXt", "zTXt", "iTXt", "eXIf", "tIME":
		default:
			out = append(out, b[k:k+12+n]...)
			if kind == "IEND" {
				return out
			}
		}
		k += 12 + n
	}
	return nil
}

func strippedWebP(b []byte) []byte {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return nil
	}
	out := bytes.Clone(b[:12])
	for k := 12; k+8 <= len(b); {
		n := int(binary.LittleEndian.Uint32(b[k+4:]))
		whole := 8 + n + n%2
		if n < 0 || n > len(b)-k-8 {
			return nil
		}
		whole = min(whole, len(b)-k)
		switch string(b[k : k+4]) {
		case "EXIF", "XMP ":
		case "VP8X":
			at := len(out) + 8
			out = append(out, b[k:k+whole]...)
			if at < len(out) {
				out[at] &^= 0x0C // there are no notes any more
			}
		default:
			out = append(out, b[k:k+whole]...)
		}
		k += whole
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}
