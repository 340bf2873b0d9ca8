package contact

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"switchboard/internal/fault"
)

func TestWhatASheetHolds(t *testing.T) {
	wide := func(s string) []byte {
		out := []byte{0xFF, 0xFE}
		for _, u := range utf16.Encode([]rune(s)) {
			out = append(out, byte(u), byte(u>>8))
		}
		return out
	}
	for name, tt := range map[string]struct {
		file  []byte
		lines [][]string
		at    []int
	}{
		"commas":                              {[]byte("Name,Email\nKim,kim@x.example\n"), [][]string{{"Kim", "kim@x.example"}}, []int{2}},
		"semicolons and Windows line ends":    {[]byte("Name;Email\r\nKim;kim@x.example\r\n"), [][]string{{"Kim", "kim@x.example"}}, []int{2}},
		"tabs":                                {[]byte("Name\tEmail\nKim\tkim@x.example"), [][]string{{"Kim", "kim@x.example"}}, []int{2}},
		"a byte order mark":                   {[]byte("\xEF\xBB\xBFName,Email\nKim,k@x.example"), [][]string{{"Kim", "k@x.example"}}, []int{2}},
		"UTF-16":                              {wide("Name,Email\nZoë,z@x.example\n"), [][]string{{"Zoë", "z@x.example"}}, []int{2}},
		"Windows-1252":                        {[]byte("Name,Email\nZo\xeb \x80,z@x.example\n"), [][]string{{"Zoë €", "z@x.example"}}, []int{2}},
		"Windows-1250, of Polish":             {[]byte("Name,Email\nMa\xb3gorzata \x8cl\xb9ska,m@x.example\nG\xea\x9clarz,g@x.example\n"), [][]string{{"Małgorzata Śląska", "m@x.example"}, {"Gęślarz", "g@x.example"}}, []int{2, 3}},
		"Windows-1252, of what looks alike":   {[]byte("Name,Email\n5 m\xb3, \xa3500, \xbfqu\xe9?,z@x.example\n"), [][]string{{"5 m³", "£500", "¿qué?", "z@x.example"}}, []int{2}},
		"a line that names the separator":     {[]byte("sep=;\r\nName;Email\r\nMiller, Kim;k@x.example\r\n"), [][]string{{"Miller, Kim", "k@x.example"}}, []int{3}},
		"a separator in a quoted heading":     {[]byte("\"Name, first, last, all\";Email\nKim;k@x.example\n"), [][]string{{"Kim", "k@x.example"}}, []int{2}},
		"a comma between quotation marks":     {[]byte("Name,Email\n\"Miller, Kim\",k@x.example\n"), [][]string{{"Miller, Kim", "k@x.example"}}, []int{2}},
		"quotation marks that are doubled":    {[]byte("Name,Email\n\"Kim \"\"K\"\" Miller\",k@x.example\n"), [][]string{{`Kim "K" Miller`, "k@x.example"}}, []int{2}},
		"a cell of two lines, and one below":  {[]byte("Note,Email\n\"one\ntwo\",k@x.example\nx,t@x.example\n"), [][]string{{"one\ntwo", "k@x.example"}, {"x", "t@x.example"}}, []int{2, 4}},
		"an inch mark that nobody doubled":    {[]byte("Note,Email\n5\" pipe,k@x.example\n"), [][]string{{`5" pipe`, "k@x.example"}}, []int{2}},
		"empty lines":                         {[]byte("Name,Email\n\n,\nKim,k@x.example\n"), [][]string{{"Kim", "k@x.example"}}, []int{4}},
		"a mark that keeps a formula a text":  {[]byte("Name,Email\n'=1+1,k@x.example\n"), [][]string{{"=1+1", "k@x.example"}}, []int{2}},
		"an apostrophe that belongs to it":    {[]byte("Name,Email\n't Hooft,k@x.example\n"), [][]string{{"'t Hooft", "k@x.example"}}, []int{2}},
		"fewer and more cells than headings":  {[]byte("Name,Email\nKim\nTom,t@x.example,more\n"), [][]string{{"Kim"}, {"Tom", "t@x.example", "more"}}, []int{2, 3}},
		"bytes of zero, which no text may be": {[]byte("Name,Email\nK\x00im,k@x.example\n"), [][]string{{"Kim", "k@x.example"}}, []int{2}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := ReadSheet(tt.file)
			if err != nil || !slices.EqualFunc(s.Lines, tt.lines, slices.Equal) || !slices.Equal(s.At, tt.at) {
				t.Errorf("it holds %q at %v, %v; want %q at %v", s.Lines, s.At, err, tt.lines, tt.at)
			}
		})
	}
}

func TestAFileThatIsNoListIsRefusedWithAWord(t *testing.T) {
	many := strings.Repeat("Kim,k@x.example\n", mostRows+1)
	for name, tt := range map[string]struct{ file, word string }{
		"an empty one":               {"\xEF\xBB\xBF \n", "empty"},
		"one of headings":            {"Name,Email\n", "nothing below"},
		"one of too many lines":      {"Name,Email\n" + many, "split it"},
		"one of too many columns":    {strings.Repeat("a,", 61) + "\n" + strings.Repeat("b,", 61), "60 columns"},
		"a mark that is left open":   {"Name,Email\n\"Kim,k@x.example\nTom,t@x.example\nUte,u@x.example\n", "line 2"},
		"one open further down":      {"Name,Email\nKim,k@x.example\nTom,\"t@x.example\nUte,u@x.example\n", "line 3"},
		"open, and closed by chance": {"Name,Email\n\"Kim,k@x.example\nTom \"Tommy\" Lee,t@x.example\n", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			if s, err := ReadSheet([]byte(tt.file)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.word) {
				t.Errorf("it is read as %q, %v", s.Lines, err)
			}
		})
	}
}

func TestColumnsAreGuessedByTheirHeadings(t *testing.T) {
	got := Guess([]string{"Full Name", " E-Mail ", "Kundennummer", "Standings", "Notiz", "Sprache", "Size", "field:Club", "Contact ID", "Last seen", "", "Mail"})
	want := []string{"name", "email", "number", "standings", "note", "language", "field:Size", "field:Club", "", "", "", "field:Mail"}
	if !slices.Equal(got, want) {
		t.Errorf("Guess = %q; want %q", got, want)
	}
}

func TestANameMayBeInTwoColumns(t *testing.T) {
	for file, want := range map[string]string{
		"First name,Last name,Email\nKim,Miller,k@x.example":            "Kim Miller",
		"Vorname;Name;E-Mail\nKim;Müller;k@x.example":                   "Kim Müller",
		"Name,First name,Email\nKim Miller,Kim,k@x.example":             "Kim Miller",
		"Name,First name,Last name,Email\nDr. K. M.,K,Mill,k@x.example": "Dr. K. M.",
		"First name,Last name,Email\n,Miller,k@x.example":               "Miller",
		"First name,Last name,Email\n,,k@x.example":                     "",
	} {
		s, err := ReadSheet([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		list, wrong, err := s.Records(Guess(s.Header))
		if err != nil || len(wrong) > 0 || len(list) != 1 || list[0].Name != want {
			t.Errorf("%q is %+v, %+v, %v; want %q", file, list, wrong, err, want)
		}
	}
}

func TestAMappingThatCannotBeIsRefused(t *testing.T) {
	s := Sheet{Header: []string{"a", "b"}, Lines: [][]string{{"x", "y"}}, At: []int{2}}
	for name, mapping := range map[string][]string{
		"fewer columns than the file has": {"email"},
		"two that hold the same":          {"email", "email"},
		"one that nobody knows":           {"email", "shoe"},
		"none to know them by":            {"name", "note"},
	} {
		if _, _, err := s.Records(mapping); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of a file that is half bad the good lines are read, and of each bad one it is said which and what to do.
func TestAHalfBadFileLosesNothing(t *testing.T) {
	s, err := ReadSheet([]byte(`Name,Email,Number,Standing,Language
Kim,kim@x.example,1,customer,en
Bad mail,kim at x,2,,
Tom,tom@x.example,3,friend,
Ann,tom@x.example,4,,
Nobody,,,,
Una,una@x.example,5,,english
Kim again,KIM@x.example,6,,
Same number,new@x.example,1,,
"Two
lines",two@x.example,7,"customer; journalist",DE
Long,long@x.example,` + strings.Repeat("9", 101) + `,,
Last,last@x.example,8,,
`))
	if err != nil {
		t.Fatal(err)
	}
	good, wrong, err := s.Records(Guess(s.Header))
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, r := range good {
		lines = append(lines, r.Line)
	}
	if !slices.Equal(lines, []int{2, 5, 10, 13}) { // Ann keeps the address that Tom's line could not
		t.Errorf("good are %v", lines)
	}
	for k, want := range []struct {
		line int
		word string
	}{{3, "no e-mail address"}, {4, "no standing friend"}, {6, "neither"}, {7, "two letters"}, {8, "line 2"}, {9, "line 2"}, {12, "100 characters"}} {
		if k >= len(wrong) || wrong[k].Line != want.line || !strings.Contains(wrong[k].Why, want.word) {
			t.Errorf("wrong is %+v; want line %d with %q", wrong, want.line, want.word)
			break
		}
	}
	if len(good)+len(wrong) != len(s.Lines) {
		t.Errorf("of %d lines %d are good and %d wrong", len(s.Lines), len(good), len(wrong))
	}
}

// No cell of an export begins what a spreadsheet would take for a formula, and reading it back gives what it was (SECURITY-CHECKS F15).
func TestNoCellIsAFormula(t *testing.T) {
	for _, cell := range []string{`=HYPERLINK("http://evil.example","click")`, "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "|calc", "%0", "＝1+1", "＋1", "－1", "＠x", "'=1", "'", "+49 30 123456"} {
		got := Formula(cell)
		if !strings.HasPrefix(got, "'") || Unformula(got) != cell {
			t.Errorf("%q becomes %q, and back %q", cell, got, Unformula(got))
		}
	}
	for _, cell := range []string{"", "Kim", "1-1", "a=b", "’t", "é"} {
		if Formula(cell) != cell || Unformula(cell) != cell {
			t.Errorf("%q becomes %q", cell, Formula(cell))
		}
	}
}

// Not where the spreadsheet splits at semicolons or tabs either, and knows no cell of several lines.
func TestNoCellIsAFormulaWhereverItIsSplit(t *testing.T) {
	for _, cell := range []string{`Kim;=cmd|'/C calc'!A0;`, "Kim\t=1", "Kim\n=1", "Kim; \u00a0=1", "Kim\n\"=1\"", "a;+1;-2\t@x", ";'=1", "\t=1", "\n;=1", ";;=1", "list:\n- one\n- two", "＝1;＝1"} {
		got := Formula(cell)
		if Unformula(got) != cell {
			t.Errorf("%q becomes %q, and back %q", cell, got, Unformula(got))
		}
		var line bytes.Buffer
		w := csv.NewWriter(&line)
		_ = w.Write([]string{"1", got, "2"})
		w.Flush()
		for _, at := range []string{";", "\t"} {
			for _, row := range strings.FieldsFunc(line.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
				for _, c := range strings.Split(row, at) {
					if c = strings.TrimLeft(c, " \u00a0\""); c != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(c)[0]) {
						t.Errorf("split at %q %q has the formula %q", at, cell, c)
					}
				}
			}
		}
	}
	for _, cell := range []string{"a; b", "Berlin, +49 30", "1\n2", "it's; 'twas"} {
		if Formula(cell) != cell || Unformula(cell) != cell {
			t.Errorf("%q becomes %q", cell, Formula(cell))
		}
	}
}
