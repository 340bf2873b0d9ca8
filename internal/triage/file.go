package triage

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math/bits"
	"slices"
)

// magic begins a kept model; its number changes when a model kept by older code must not be read.
const magic = "switchboard model 3\n"

// Version changes when the same examples make another model than before, so that one kept by older code is made anew.
const Version = 9

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// keptHead is what a kept model says of itself before its weights.
type keptHead struct {
	Heads           [headCount]keptClasses
	Stride, Learned int
	Rarity          float32
	Skills          []string
	Topics          []Topic
	Rows            int // floats of weights
}

type keptClasses struct {
	Keys, Names []string
	Bias        []float32
	Temperature float32
}

func (h *head) kept() keptClasses { return keptClasses{h.keys, h.names, h.bias, h.temperature} }

func (k keptClasses) head() head {
	return head{keys: k.Keys, names: k.Names, bias: k.Bias, temperature: k.Temperature}
}

// MarshalBinary is the model as bytes to keep or send: what it says of itself, its weights, a checksum.
func (m *Model) MarshalBinary() ([]byte, error) {
	rows := 0
	for i := range m.weights.leaves {
		rows += len(m.weights.leaves[i].rows)
	}
	kept := keptHead{Stride: m.weights.stride, Learned: m.learned, Rarity: m.rarity, Skills: m.skillNames, Topics: m.topicList, Rows: rows}
	for k, h := range m.heads() {
		kept.Heads[k] = h.kept()
	}
	about, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(magic)+4+len(about)+8*leafCount+2*rows+4)
	out = append(out, magic...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(about)))
	out = append(out, about...)
	for i := range m.weights.leaves {
		out = binary.LittleEndian.AppendUint64(out, m.weights.leaves[i].there)
	}
	for i := range m.weights.leaves {
		for _, v := range m.weights.leaves[i].rows {
			out = binary.LittleEndian.AppendUint16(out, uint16(v))
		}
	}
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli)), nil
}

// errKept says that a kept model cannot be used. Train makes another from what people said.
var errKept = errors.New("this is not a model of triage, or it is damaged: train it anew")

// UnmarshalBinary makes m the model that MarshalBinary kept. It fails, and leaves m alone, when a single bit is not as it
// was: then Train anew.
func (m *Model) UnmarshalBinary(data []byte) error {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok || len(rest) < 8 || crc32.Checksum(data[:len(data)-4], castagnoli) != binary.LittleEndian.Uint32(data[len(data)-4:]) {
		return errKept
	}
	n := int(binary.LittleEndian.Uint32(rest))
	rest = rest[4 : len(rest)-4]
	if n < 0 || n > len(rest) {
		return errKept
	}
	var about keptHead
	if err := json.Unmarshal(rest[:n], &about); err != nil {
		return fmt.Errorf("%w: %w", errKept, err)
	}
	next := Model{learned: about.Learned, rarity: about.Rarity}
	for k, h := range next.heads() {
		if *h = about.Heads[k].head(); len(h.bias) != len(h.keys) || len(h.names) != len(h.keys) || !(h.temperature > 0) {
			return errKept
		}
	}
	if about.Stride != 1+next.columns() || !slices.Equal(next.needs.keys, needsKeys) || !slices.Equal(next.urgency.keys, urgencyKeys) || !slices.Equal(next.mood.keys, moodKeys) {
		return errKept
	}
	var err error
	if next.weights, err = readWeights(rest[n:], about.Stride, about.Rows); err != nil {
		return err
	}
	next.learnSkills([]Person{{Skills: about.Skills}})
	next.learnTopics(about.Topics)
	*m = next
	return nil
}

func readWeights(data []byte, stride, rows int) (weights, error) {
	w := newWeights(stride)
	if stride < 1 || rows < 0 || len(data) != 8*leafCount+2*rows {
		return w, errKept
	}
	all := make([]half, rows)
	for i := range all {
		all[i] = half(binary.LittleEndian.Uint16(data[8*leafCount+2*i:]))
	}
	for i := range w.leaves {
		there := binary.LittleEndian.Uint64(data[8*i:])
		n := bits.OnesCount64(there) * stride
		if n > len(all) {
			return w, errKept
		}
		w.leaves[i] = leaf{there, all[:n:n]}
		all = all[n:]
	}
	if len(all) > 0 {
		return w, errKept
	}
	return w, nil
}
