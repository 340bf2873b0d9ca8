package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// drawing is a PNG, 3 by 2.
func drawing(t testing.TB) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 3, 2))
	m.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photo is a JPEG, 16 by 8, with an EXIF segment that says where it was taken and that it lies on its side.
func photo(t testing.TB) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 8)), nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00GPS 47.37N 8.54E"
	s := append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(2 + len(exif))}, exif...)
	s = append(s, "\xff\xfe\x00\x09by Ann\x00"...)
	return append(s, b.Bytes()[2:]...)
}

func TestAPictureLosesItsNotesAndNothingElse(t *testing.T) {
	before := photo(t)
	after := Stripped(before, "image/jpeg")
	for _, note := range []string{"GPS", "by Ann"} {
		if bytes.Contains(after, []byte(note)) {
			t.Errorf("%q is still in the picture", note)
		}
	}
	if orientation(before) != 6 || orientation(after) != 6 {
		t.Errorf("the turn was %d and is %d; want 6", orientation(before), orientation(after))
	}
	if w, h, ok := Size(after); !ok || w != 8 || h != 16 {
		t.Errorf("shown as %d by %d; want 8 by 16", w, h)
	}
	a, err := jpeg.Decode(bytes.NewReader(after))
	if b, _ := jpeg.Decode(bytes.NewReader(before)); err != nil || !bytes.Equal(a.(*image.Gray).Pix, b.(*image.Gray).Pix) {
		t.Errorf("the pixels changed: %v", err)
	}

	plain := drawing(t)
	text := append([]byte{0, 0, 0, 9}, "tEXtwho\x00Ann!!\x00\x00\x00\x00"...)
	noted := append(bytes.Clone(plain[:33]), append(text[:21], plain[33:]...)...)
	if got := Stripped(noted, "image/png"); !bytes.Equal(got, plain) {
		t.Errorf("a PNG with a note became %q; want %q", got, plain)
	}

	webp := []byte("RIFF\x2a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x01\x00\x00EXIF\x04\x00\x00\x00GPS!VP8L\x00\x00\x00\x00")
	got := Stripped(webp, "image/webp")
	if bytes.Contains(got, []byte("GPS")) || got[20] != 0 || int(got[4]) != len(got)-8 || !bytes.HasSuffix(got, []byte("VP8L\x00\x00\x00\x00")) {
		t.Errorf("a WebP became %q", got)
	}
}

func FuzzStripped(f *testing.F) {
	f.Add(photo(f), "image/jpeg")
	f.Add(drawing(f), "image/png")
	f.Add([]byte("RIFF\x04\x00\x00\x00WEBP"), "image/webp")
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x02"), "image/jpeg")
	f.Fuzz(func(t *testing.T, b []byte, kind string) {
		if got := Stripped(b, kind); len(got) > len(b)+64 {
			t.Errorf("%d bytes became %d", len(b), len(got))
		}
		Size(b)
	})
}
