package picture_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"
	"time"

	"switchboard/internal/picture"
)

func encoded(t testing.TB, of func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := of(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func coloured(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for k := range m.Pix {
		m.Pix[k] = byte(k * 7)
	}
	return m
}

// animation is one frame, said so many times.
func animation(t testing.TB, frames, w, h int) []byte {
	p := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	p.SetColorIndex(0, 0, 1)
	b := encoded(t, func(b *bytes.Buffer) error {
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{p}, Delay: []int{10}})
	})
	head := 13
	if b[10]&0x80 != 0 {
		head += 3 << (b[10]&7 + 1)
	}
	return append(append(bytes.Clone(b[:head]), bytes.Repeat(b[head:len(b)-1], frames)...), 0x3B)
}

const webp = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"

func TestAPictureIsDrawnAnew(t *testing.T) {
	tiny, err := base64.StdEncoding.DecodeString(webp)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		file []byte
		kind string
		w, h int
	}{
		"a PNG":           {encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, coloured(30, 20)) }), "image/png", 30, 20},
		"a JPEG":          {encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, coloured(30, 20), nil) }), "image/jpeg", 30, 20},
		"a GIF":           {animation(t, 1, 30, 20), "image/png", 30, 20},
		"an animation":    {animation(t, 5, 30, 20), "image/gif", 30, 20},
		"a WebP":          {tiny, "image/png", 1, 1},
		"a long one":      {animation(t, 80, 1000, 1000), "image/png", 1000, 1000},
		"many frames":     {animation(t, 30, 300, 200), "image/gif", 300, 200},
		"one on its side": {onItsSide(t), "image/jpeg", 8, 16},
	} {
		const behind = "<script>alert(1)</script>PK\x03\x04 GPS 47.37N"
		out, kind, err := picture.Redraw(t.Context(), append(bytes.Clone(tt.file), behind...))
		w, h, ok := picture.Size(out)
		if err != nil || kind != tt.kind || !ok || w != tt.w || h != tt.h {
			t.Errorf("%s: %s, %d by %d, %v; want %s, %d by %d", name, kind, w, h, err, tt.kind, tt.w, tt.h)
		}
		if bytes.Contains(out, []byte("script")) || bytes.Contains(out, []byte("GPS")) {
			t.Errorf("%s still holds what is not seen", name)
		}
		if kind == "image/gif" {
			was, _ := gif.DecodeAll(bytes.NewReader(tt.file))
			if g, err := gif.DecodeAll(bytes.NewReader(out)); err != nil || len(g.Image) != len(was.Image) || g.Delay[0] != was.Delay[0] {
				t.Errorf("%s has %d frames; want %d: %v", name, len(g.Image), len(was.Image), err)
			}
		}
	}
}

func onItsSide(t testing.TB) []byte {
	b := encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, image.NewGray(image.Rect(0, 0, 16, 8)), nil) })
	exif := "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00GPS 47.37N 8.54E"
	return append(append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(2 + len(exif))}, exif...), b[2:]...)
}

func TestWhatIsNoPictureIsNotDrawn(t *testing.T) {
	whole := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, coloured(30, 20)) })
	for name, b := range map[string]string{
		"nothing": "", "words": "hello", "an SVG": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "a page": "<html><script>alert(1)</script>",
		"half of one": string(whole[:len(whole)/2]), "a head alone": "GIF89a", "a PDF": "%PDF-1.4", "zeros": strings.Repeat("\x00", 1000),
		"two thousand million points a side": string(claims(1<<31-1, 1<<31-1)),
	} {
		if out, kind, err := picture.Redraw(t.Context(), []byte(b)); !errors.Is(err, picture.ErrNone) {
			t.Errorf("%s: %d bytes of %s, %v", name, len(out), kind, err)
		}
	}
}

// claims is a PNG whose head names a size, and whose points are a stream of zeros that unpacks to it: a bomb.
func claims(w, h uint32) []byte {
	chunk := func(kind string, body []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		out = append(append(out, kind...), body...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 6, 0, 0, 0))...)
	return append(append(out, chunk("IDAT", []byte("\x78\x9c\x63\x00\x00\x00\x01\x00\x01"))...), chunk("IEND", nil)...)
}

// large is a JPEG that says it has that many points, drawn in passes or not.
func large(w, h uint16, passes bool) []byte {
	m := byte(0xC0)
	if passes {
		m = 0xC2
	}
	b := []byte{0xFF, 0xD8, 0xFF, m, 0, 17, 8}
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, h), w)
	b = append(b, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0)
	return append(b, 0xFF, 0xDA, 0, 2)
}

// A bomb takes neither time nor memory, and pictures that are just small enough take no more than they may.
func TestBombsAreRefusedBeforeTheyGoOff(t *testing.T) {
	for name, b := range map[string][]byte{
		"a PNG of 50,000 by 50,000":          claims(50_000, 50_000),
		"a JPEG of 65,000 by 65,000":         large(65_000, 65_000, false),
		"a JPEG of 5,000 by 5,000 in passes": large(5_000, 5_000, true),
		"a GIF of 65,535 by 65,535":          []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00\x3b"),
	} {
		began := time.Now()
		grown := growth(func() {
			if _, _, err := picture.Redraw(t.Context(), b); !errors.Is(err, picture.ErrTooLarge) {
				t.Errorf("%s: %v", name, err)
			}
		})
		if took := time.Since(began); took > 5*time.Second || grown > 1<<20 {
			t.Errorf("%s took %v and %d bytes", name, took, grown)
		}
	}
	for name, b := range map[string][]byte{"a PNG": claims(50_000, 50_000), "a JPEG": large(65_000, 65_000, false)} {
		if !picture.TooLarge(b) {
			t.Errorf("%s as large as a house may be sent", name)
		}
	}
	for name, b := range map[string][]byte{"a telephone": large(8_160, 6_120, false), "a camera, in passes,": large(9_000, 6_000, true)} {
		if picture.TooLarge(b) {
			t.Errorf("a photograph of %s may not be sent", name)
		}
	}
	for name, b := range map[string][]byte{
		"an animation of 2,000 large frames": animation(t, 2000, 1000, 1000),
		"a PNG of 12 million points":         encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, image.NewNRGBA(image.Rect(0, 0, 4000, 3000))) }),
	} {
		grown := growth(func() {
			if _, _, err := picture.Redraw(t.Context(), b); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
		if grown > 64<<20 {
			t.Errorf("%s took %d MB", name, grown>>20)
		}
	}
}

// growth is how many bytes what asks for, all told.
func growth(what func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	what()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestWhoDoesNotWaitIsNotDrawnFor(t *testing.T) {
	over, stop := context.WithCancel(t.Context())
	stop()
	b := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, coloured(3, 2)) })
	for range 20 { // either it was our turn at once, or we don't wait
		if _, _, err := picture.Redraw(over, b); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}

func FuzzRedraw(f *testing.F) {
	f.Add(animation(f, 3, 5, 4))
	f.Add(claims(20, 20))
	f.Add(large(8, 8, true))
	f.Add(onItsSide(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, kind, err := picture.Redraw(t.Context(), b)
		if (err == nil) != (kind != "" && len(out) > 0) {
			t.Errorf("%d bytes of %q, %v", len(out), kind, err)
		}
	})
}
