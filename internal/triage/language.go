package triage

import (
	"embed"
	"math"
	"strings"
	"sync"
)

// languages we tell apart by their letters, then those known by their script alone.
var languages = [...]string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "ro", "hu", "tr", "ru", "uk"}

const (
	languageCount = len(languages)

	languageBits   = 15
	languageRunes  = 400 // letters we look at
	languageEpochs = 10
	languageLeast  = 0.45 // below: "und"

	earlierBonus = 2.0 // on the language the author wrote before
	claimBonus   = 1.2 // on the author's claim
)

//go:embed language/*.txt
var languageFiles embed.FS

// Language is a guess at the language of a message: a code of ISO 639-1, "und" when we cannot tell.
type Language struct {
	Code       string  `json:"code"`
	Confidence float64 `json:"confidence"`
}

// Languages are the codes that can be told apart.
func Languages() []string {
	return append(append([]string(nil), languages[:]...), "el", "ja", "zh", "ko", "ar", "he", "th", "hi")
}

// languageModel has one weight a bucket and language.
type languageModel struct {
	weights [1 << languageBits][languageCount]float32
	bias    [languageCount]float32
}

// speaker is trained once, on first use, from the lists in language/ and the packs: the same every time.
var speaker = sync.OnceValue(trainLanguages)

func languageIndex(code string) int {
	if len(code) > 2 {
		code = code[:2]
	}
	if code == "no" || code == "nn" {
		code = "nb"
	}
	for i, l := range languages {
		if l == code {
			return i
		}
	}
	return -1
}

// script counts letters by script: the first of these with most letters decides.
type script struct{ latin, cyrillic, greek, kana, han, hangul, arabic, hebrew, thai, hindi int }

func (c *script) count(r rune) {
	switch {
	case r < 0x250, r >= 0x1E00 && r < 0x1F00:
		c.latin++
	case r >= 0x370 && r < 0x400, r >= 0x1F00 && r < 0x2000:
		c.greek++
	case r >= 0x400 && r < 0x530:
		c.cyrillic++
	case r >= 0x590 && r < 0x600:
		c.hebrew++
	case r >= 0x600 && r < 0x780, r >= 0xFB50 && r < 0xFE00, r >= 0xFE70 && r < 0xFEFF:
		c.arabic++
	case r >= 0x900 && r < 0x980:
		c.hindi++
	case r >= 0xE00 && r < 0xE80:
		c.thai++
	case r >= 0x3040 && r < 0x3100:
		c.kana++
	case r >= 0x3400 && r < 0xA000, r >= 0x20000 && r < 0x32000:
		c.han++
	case r >= 0xAC00 && r < 0xD7B0, r >= 0x1100 && r < 0x1200:
		c.hangul++
	}
}

// known is the language a script gives away, with the share of letters in it; "" if letters must decide.
func (c *script) known() (string, float64) {
	east := c.kana + c.han
	all := c.latin + c.cyrillic + c.greek + 2*east + c.hangul + c.arabic + c.hebrew + c.thai + c.hindi // a sign says more than a letter
	for _, k := range [...]struct {
		code string
		n    int
	}{{"el", c.greek}, {"ko", c.hangul}, {"ar", c.arabic}, {"he", c.hebrew}, {"th", c.thai}, {"hi", c.hindi}} {
		if 2*k.n > all {
			return k.code, float64(k.n) / float64(all)
		}
	}
	if east > 0 && 4*east > all {
		if 10*c.kana >= east {
			return "ja", float64(2*east) / float64(all)
		}
		return "zh", float64(2*east) / float64(all)
	}
	return "", 0
}

// language guesses the language of the first n words of s.
func (s *scratch) language(n int, earlier, claim string) Language {
	var c script
	runes := 0
	for i := range s.words[:n] {
		w := &s.words[i]
		if w.kind != plain && w.kind != glyph || runes > languageRunes {
			continue
		}
		for _, r := range s.lower[w.from:w.to] {
			c.count(r)
			runes++
		}
	}
	if code, sure := c.known(); code != "" {
		return Language{code, sure}
	}
	grams := 0
	if runes > 0 {
		grams = speaker().sum(s, n, c.cyrillic > c.latin)
	}
	scores := s.langs[:]
	if grams == 0 {
		clear(scores)
	}
	if i := languageIndex(earlier); i >= 0 {
		scores[i] += earlierBonus
	}
	if i := languageIndex(claim); i >= 0 {
		scores[i] += claimBonus
	}
	softmax(scores, 1)
	best := 0
	for i, p := range scores {
		if p > scores[best] {
			best = i
		}
	}
	if scores[best] < languageLeast || grams == 0 && scores[best] < 0.2 {
		return Language{"und", float64(1 - scores[best])}
	}
	return Language{languages[best], float64(scores[best])}
}

// sum adds up what the letters of the first n words say, in s.langs, and returns how many features there were.
func (m *languageModel) sum(s *scratch, n int, cyrillic bool) int {
	scores := &s.langs
	clear(scores[:])
	grams, runes := 0, 0
	for i := range s.words[:n] {
		w := &s.words[i]
		if w.kind != plain {
			continue
		}
		if runes += int(w.to - w.from); runes > languageRunes {
			break
		}
		languageGrams(s.lower[w.from:w.to], func(bucket uint32) {
			grams++
			row := &m.weights[bucket]
			for j := range scores {
				scores[j] += row[j]
			}
		})
	}
	if grams == 0 {
		return 0
	}
	scale := languageScale(grams)
	for i := range scores {
		scores[i] = scores[i]*scale + m.bias[i]
		if cyrillic != (languages[i] == "ru" || languages[i] == "uk") {
			scores[i] -= 20
		}
	}
	return grams
}

// languageScale makes long texts surer than short ones, though not as much as their length.
func languageScale(grams int) float32 { return 1 / sqrt(float32(grams)) }

// languageGrams calls take for each of a word's features: the whole word and one to four of its letters.
func languageGrams(letters []rune, take func(bucket uint32)) {
	n := len(letters) + 2
	whole := uint32(offset32 ^ 0x55555555)
	for _, r := range letters {
		whole = (whole ^ uint32(r)) * prime32
	}
	take(languageBucket(whole))
	for i := range n {
		h := uint32(offset32)
		for j := i; j < n && j < i+4; j++ {
			r := rune(' ')
			if j > 0 && j < n-1 {
				r = letters[j-1]
			}
			h = (h ^ uint32(r)) * prime32
			if j > i || r > 0x7F {
				take(languageBucket(h))
			}
		}
	}
}

func languageBucket(h uint32) uint32 {
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 13
	return h >> (32 - languageBits)
}

// languageSample is one line of text in a language.
type languageSample struct {
	buckets []uint32
	class   int
	weight  float32
}

func trainLanguages() *languageModel {
	m := &languageModel{}
	var samples []languageSample
	for class, code := range languages {
		from := len(samples)
		text, err := languageFiles.ReadFile("language/" + code + ".txt")
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(text), "\n") {
			samples = appendLanguageSamples(samples, line, class)
		}
		for i := from; i < len(samples); i++ { // each language counts alike, however much was written of it
			samples[i].weight = 400 / float32(len(samples)-from)
		}
	}
	m.fit(samples)
	return m
}

// appendLanguageSamples cuts line into whole lines and runs of a few words, as short as people write.
func appendLanguageSamples(samples []languageSample, line string, class int) []languageSample {
	s := newScratch()
	defer s.free()
	s.scan(line, 1)
	for _, size := range [...]int{1000, 5, 2} {
		for from := 0; from < len(s.words); from += size {
			var b []uint32
			for _, w := range s.words[from:min(from+size, len(s.words))] {
				if w.kind == plain {
					languageGrams(s.lower[w.from:w.to], func(bucket uint32) { b = append(b, bucket) })
				}
			}
			if len(b) > 0 {
				samples = append(samples, languageSample{b, class, 1})
			}
			if len(s.words) <= size && size < 1000 {
				break
			}
		}
	}
	return samples
}

// fit is logistic regression with steps that adapt, as in train.
func (m *languageModel) fit(samples []languageSample) {
	moved := make([][languageCount]float32, 1<<languageBits)
	random := uint64(0x2545F4914F6CDD1D)
	out := make([]float32, languageCount)
	for range languageEpochs {
		for i := len(samples) - 1; i > 0; i-- {
			random ^= random << 13
			random ^= random >> 7
			random ^= random << 17
			j := random % uint64(i+1)
			samples[i], samples[j] = samples[j], samples[i]
		}
		for _, p := range samples {
			scale := languageScale(len(p.buckets))
			clear(out)
			for _, b := range p.buckets {
				for j := range out {
					out[j] += m.weights[b][j]
				}
			}
			for j := range out {
				out[j] *= scale
			}
			softmax(out, 1)
			out[p.class]--
			for j := range out {
				out[j] *= p.weight * scale
			}
			for _, b := range p.buckets {
				row, gone := &m.weights[b], &moved[b]
				for j, g := range out {
					if g*g < 1e-9 {
						continue
					}
					gone[j] += g * g
					row[j] -= 0.5 * g / float32(math.Sqrt(float64(gone[j]+1e-6)))
				}
			}
		}
	}
}
