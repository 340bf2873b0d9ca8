package triage

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
)

var write = flag.Bool("write", false, "write language/weights.bin anew from the lists")

const (
	languageEpochs = 10
	languageRate   = 3
)

// languageModel has one weight a bucket and language.
type languageModel struct {
	weights [1 << languageBits][languageCount]float32
}

// The lists are the source, the weights what is made of them: change a list, then run
//
//	go test ./internal/triage -run TestLanguageWeights -write
func TestLanguageWeightsAreMadeFromTheLists(t *testing.T) {
	made := trainLanguages(t).bytes()
	if *write {
		if err := os.WriteFile("language/weights.bin", made, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Skip("written; run the tests again")
	}
	if len(made) != len(languageWeights) {
		t.Fatalf("weights.bin has %d bytes, the lists give %d: run with -write", len(languageWeights), len(made))
	}
	other := 0
	for i := range made {
		if d := int(int8(made[i])) - int(int8(languageWeights[i])); d > 1 || d < -1 { // processors round differently
			other++
		}
	}
	if other > len(made)/1000 {
		t.Errorf("%d weights are not those of the lists: run with -write", other)
	}
}

// bytes are the weights as small whole numbers.
func (m *languageModel) bytes() []byte {
	var b bytes.Buffer
	for i := range m.weights {
		for _, v := range m.weights[i] {
			half := float32(0.5)
			if v < 0 {
				half = -0.5
			}
			b.WriteByte(byte(int8(max(-127, min(127, v/languageStep+half)))))
		}
	}
	return b.Bytes()
}

// languageSample is one line of text in a language.
type languageSample struct {
	buckets []uint32
	class   int
	weight  float32
}

func trainLanguages(t *testing.T) *languageModel {
	m := &languageModel{}
	var samples []languageSample
	for class, code := range languages {
		from := len(samples)
		text, err := os.ReadFile("language/" + code + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			samples = appendLanguageSamples(samples, line, class)
		}
		for _, intent := range Packs().intents[code] {
			for _, line := range intent.Phrases {
				samples = appendLanguageSamples(samples, line, class)
			}
		}
		for i := from; i < len(samples); i++ { // each language counts alike, however much was written of it
			samples[i].weight = 300 / float32(len(samples)-from)
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

// fit is logistic regression with steps that grow smaller, as in train.
func (m *languageModel) fit(samples []languageSample) {
	random := uint64(0x2545F4914F6CDD1D)
	out := make([]float32, languageCount)
	var live []int32
	for epoch := range languageEpochs {
		for i := len(samples) - 1; i > 0; i-- {
			random ^= random << 13
			random ^= random >> 7
			random ^= random << 17
			j := random % uint64(i+1)
			samples[i], samples[j] = samples[j], samples[i]
		}
		step := float32(languageRate) * (1 - float32(epoch)/languageEpochs)
		for _, p := range samples {
			scale := languageScale(len(p.buckets))
			clear(out)
			for _, b := range p.buckets {
				row := &m.weights[b]
				for j := range out {
					out[j] += row[j]
				}
			}
			for j := range out {
				out[j] *= scale
			}
			softmax(out, 1)
			live = slopes(out, []label{{class: int16(p.class), share: 1}}, live[:0])
			for _, b := range p.buckets {
				row := &m.weights[b]
				for _, j := range live {
					row[j] -= step * p.weight * scale * out[j]
				}
			}
		}
	}
}
