package email

import (
	"regexp"
	"strings"
)

// split parts what is new in a mail from the signature and the history below it. Nothing is lost: what is not in text is in
// quoted. When in doubt it stays in text: a person reads past a quotation sooner than they miss an answer. bare says that nothing
// is new: then all of it is text.
func split(s string) (text, quoted string, bare bool) {
	lines := strings.Split(s, "\n")
	k := history(lines)
	if top, rest, ok := below(lines[:k]); ok {
		return rest, strings.TrimSpace(join(top, strings.Join(lines[k:], "\n"), "\n\n")), false
	}
	k = signature(lines[:k])
	text = strings.TrimSpace(strings.Join(lines[:k], "\n"))
	if text == "" { // nothing but a quotation or a forwarded mail: that is what it says
		return strings.TrimSpace(s), "", true
	}
	return text, strings.TrimSpace(strings.Join(lines[k:], "\n")), false
}

var (
	// "On Mon, 3 Feb 2025 at 10:12, Ann <ann@…> wrote:" in the words of many programs; it may run over three lines.
	wrote = regexp.MustCompile(`(?i)(\bwrote|\bschrieb( .{1,80})?|\ba écrit|\bescribió|\bha scritto|\bschreef( .{1,80})?|\bescreveu|` +
		`\bnapisał\(?a?\)?|\bskrev( .{1,80})?|kirjoitti|\bnapsala?\(?a?\)?|\bpísal?|\bírta|\ba scris|написала?\(?а?\)?|пишет|писал\(?а?\)?|пише|` +
		`yazdı|έγραψε|כתב|كتب|写道|寫道|のメール|さんは書きました|님이 작성)\s?[:：]\s*$`)
	opens = regexp.MustCompile(`(?i)^(on|am|le|el|il|op|em|w dniu|w dn\.|den|dne|dňa|på|pe|în|στις|ב|في|а|в|\d|\pL{2,4}[.,]? \d|[^\s]{1,60}[ <])`)
	dated = regexp.MustCompile(`\d`)
	// the separators of programs that do not mark what they quote
	original = regexp.MustCompile(`(?i)^\s*-{2,}\s*(original message|original appointment|ursprüngliche nachricht|originalnachricht|message d'origine|message original|` +
		`mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna|ursprungligt meddelande|oprindelig meddelelse|` +
		`původní zpráva|исходное сообщение|orijinal mesaj|原始邮件|原始郵件|元のメッセージ|원본 메시지)\s*-{2,}\s*$`)
	from = regexp.MustCompile(`(?i)^[*\s]*(from|von|de|da|van|från|fra|od|lähettäjä|kimden|от|发件人|寄件者|差出人|보낸 사람)[*\s]*[:：]\s*\S`)
	also = regexp.MustCompile(`(?i)^[*\s]*(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado( el)?|para|asunto|assunto|inviato|data|a|oggetto|` +
		`verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|wysłano|do|temat|odesláno|komu|předmět|lähetetty|vastaanottaja|aihe|gönderildi|kime|konu|` +
		`отправлено|дата|кому|тема|发送时间|收件人|主题|寄件日期|收件者|主旨|送信日時|宛先|件名|보낸 날짜|받는 사람|제목|cc)[*\s]*[:：]`)
	rule    = regexp.MustCompile(`^\s*[_=*-]{10,}\s*$`)
	forward = regexp.MustCompile(`(?i)^\s*(-{3,}\s*(forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato|` +
		`doorgestuurd bericht|mensagem encaminhada).*|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message transféré\s?:)`)
	device = regexp.MustCompile(`(?i)^(sent from (my|yahoo|outlook|proton|mail)\b.{0,60}|get outlook for .{0,40}|von meinem .{1,40} gesendet|gesendet (von|mit) .{1,60}|` +
		`envoyé (de|depuis) (mon|mein|outlook).{0,60}|enviado desde .{1,60}|enviado do meu .{1,60}|inviato da .{1,60}|verstuurd vanaf .{1,60}|` +
		`skickat från .{1,60}|sendt fra .{1,60}|wysłane z .{1,60}|отправлено с .{1,60})$`)
)

// history returns the line at which the quoted history at the end of a mail begins; len(lines) if there is none.
func history(lines []string) int {
	marked := len(lines) - 1 // the last line with a mark
	for marked >= 0 && !strings.HasPrefix(lines[marked], ">") {
		marked--
	}
	end := above(lines, len(lines))
	for k, l := range lines {
		if strings.HasPrefix(l, ">") {
			continue
		}
		if forward.MatchString(l) {
			break // it is sent for the sake of what is below
		}
		if original.MatchString(l) || header(lines[k:]) {
			if k > 0 && rule.MatchString(lines[k-1]) {
				k--
			}
			return k
		}
		if k > marked { // quoted without marks, to the end
			if n := attribution(lines[k:]); n > 0 && k+n < end {
				return k
			}
		}
	}
	return trailing(lines)
}

// header reports whether lines begin with the header block that Outlook puts over what it quotes.
func header(lines []string) bool {
	if !strings.ContainsAny(lines[0], ":：") || !from.MatchString(lines[0]) {
		return false
	}
	n := 0
	for _, l := range lines[1:min(len(lines), 6)] {
		if also.MatchString(l) {
			n++
		}
	}
	return n >= 2
}

// attribution returns how many lines "… wrote:" takes at the beginning of lines, 0 if it is not there.
func attribution(lines []string) int {
	first := strings.TrimSpace(lines[0])
	if first == "" || len(first) > 300 || !opens.MatchString(first) {
		return 0
	}
	joined := ""
	for n := 0; n < min(3, len(lines)); n++ {
		l := strings.TrimSpace(lines[n])
		if l == "" || strings.HasPrefix(l, ">") || len(l) > 300 {
			return 0
		}
		joined += " " + l
		if (strings.HasSuffix(l, ":") || strings.HasSuffix(l, "：")) && wrote.MatchString(l) && (dated.MatchString(joined) || strings.Contains(joined, "@")) {
			return n + 1
		}
	}
	return 0
}

// trailing returns where the last run of marked lines begins, if nothing but a signature follows it.
func trailing(lines []string) int {
	end := len(lines)
	if k := signature(lines); k < end {
		end = k
	}
	last := end - 1
	for last >= 0 && strings.TrimSpace(lines[last]) == "" {
		last--
	}
	if last < 0 || !strings.HasPrefix(lines[last], ">") {
		return len(lines)
	}
	k := last
	for j := last; j >= 0; j-- {
		if strings.HasPrefix(lines[j], ">") {
			k = j
		} else if strings.TrimSpace(lines[j]) != "" {
			break
		}
	}
	for n := 3; n > 0; n-- { // and the "wrote:" above it
		at := above(lines, k) - n
		if at >= 0 && attribution(lines[at:]) == n {
			return at
		}
	}
	return k
}

// above returns k without the empty lines before it.
func above(lines []string, k int) int {
	for k > 0 && strings.TrimSpace(lines[k-1]) == "" {
		k--
	}
	return k
}

// below parts a mail that quotes first and answers below it. An answer between the lines stays as it is.
func below(lines []string) (top, rest string, ok bool) {
	k := 0
	for k < len(lines) && strings.TrimSpace(lines[k]) == "" {
		k++
	}
	if k == len(lines) {
		return "", "", false
	}
	k += attribution(lines[k:])
	for k < len(lines) && strings.TrimSpace(lines[k]) == "" {
		k++
	}
	if k == len(lines) || !strings.HasPrefix(lines[k], ">") {
		return "", "", false
	}
	for k < len(lines) && (strings.HasPrefix(lines[k], ">") || strings.TrimSpace(lines[k]) == "") {
		k++
	}
	for _, l := range lines[k:] {
		if strings.HasPrefix(l, ">") {
			return "", "", false
		}
	}
	end := k + signature(lines[k:])
	rest = strings.TrimSpace(strings.Join(lines[k:end], "\n"))
	top = strings.TrimSpace(join(strings.Join(lines[:k], "\n"), strings.Join(lines[end:], "\n"), "\n"))
	return top, rest, rest != ""
}

// signature returns the line at which the signature begins; len(lines) if there is none.
func signature(lines []string) int {
	for k := len(lines) - 1; k >= 0 && k >= len(lines)-25; k-- {
		if l := strings.TrimRight(lines[k], "\r"); l == "-- " || l == "--" {
			return k
		}
	}
	last := above(lines, len(lines)) - 1
	if last >= 0 && device.MatchString(strings.TrimSpace(lines[last])) {
		return last
	}
	return len(lines)
}
