import JSONText
import WeightFiles

extension Vocabulary {
    /// Reads a vocabulary of WordPiece from a `tokenizer.json`.
    init(words file: JSONFile, _ table: JSONTokenTable) throws(TokenizerError) {
        let written = file.root["model"]
        let name = written?["unk_token"]?.string ?? "[UNK]"
        guard let unknown = table.token(name) else {
            throw file.failure("model.unk_token", name, "a token of the vocabulary")
        }
        let longestWord = written?["max_input_chars_per_word"]?.integer ?? 100
        guard longestWord > 0 else {
            throw file.failure("model.max_input_chars_per_word", "\(longestWord)", "a number above 0")
        }
        self.init(
            file: file.path, words: table.texts, controls: table.controls, added: table.added, unknown: unknown,
            prefix: written?["continuing_subword_prefix"]?.string ?? "##", longestWord: longestWord)
        normalizer = try TextProcessing.bert(of: file)
    }

    /// Reads BERT's `vocab.txt`, one token a line, and what `tokenizer_config.json` beside it says of lower case, accents and
    /// ideographs; if it says nothing, text is lower-cased and stripped of accents.
    init(wordsAt path: String) throws(TokenizerError) {
        let text: String?
        do throws(WeightFileError) {
            text = try MappedFile(path: path).withBytes { String(validating: $0, as: UTF8.self) }
        } catch {
            throw TokenizerError(error)
        }
        func failure(_ field: String, _ found: String, _ expected: String) -> TokenizerError {
            TokenizerError(.invalid, file: path, field: field, found: found, expected: expected)
        }
        guard let text else { throw failure("text", "bytes that are no UTF-8", "UTF-8, a token a line") }
        var texts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.last == "\r" ? line.dropLast() : line)
        }
        if texts.last == "" { texts.removeLast() }
        func token(_ text: String) throws(TokenizerError) -> UInt32 {
            guard let id = texts.lastIndex(of: text) else { throw failure("lines", "no \(text)", "\(text) in a line") }
            return UInt32(truncatingIfNeeded: id)
        }
        let start = try token("[CLS]")
        let end = try token("[SEP]")
        let unknown = try token("[UNK]")
        let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        let controls = names.compactMap { name in
            texts.lastIndex(of: name).map {
                AddedToken(token: UInt32(truncatingIfNeeded: $0), content: name, isControl: true)
            }
        }
        self.init(
            file: path, words: texts, controls: Set(controls.map(\.token)), added: controls, unknown: unknown,
            prefix: "##", longestWord: 100)
        fieldOfTokens = "lines"
        opening = [start]
        closing = [end]
        normalizer = .bert(try Self.bertSettings(beside: path))
    }

    private static func bertSettings(beside path: String) throws(TokenizerError) -> BertNormalizer {
        guard let settings = try settings(beside: path) else { return BertNormalizer() }
        let lowercases = settings["do_lower_case"]?.boolean ?? true
        return BertNormalizer(
            isolatesIdeographs: settings["tokenize_chinese_chars"]?.boolean ?? true,
            stripsAccents: settings["strip_accents"]?.boolean ?? lowercases, lowercases: lowercases)
    }

    /// Makes a vocabulary of WordPiece's pieces by id; the pieces that continue a word start with a prefix.
    init(
        file: String, words texts: [String], controls: Set<UInt32>, added: [AddedToken], unknown: UInt32,
        prefix: String,
        longestWord: Int
    ) {
        var tokens = TokenBytes(capacity: texts.count)
        var pieces = TokenBytes(capacity: texts.count)
        var starts = TokenIndex(capacity: texts.count)
        var continuations = TokenIndex(capacity: texts.count)
        var longest = 0
        for (id, text) in texts.enumerated() {
            let token = UInt32(truncatingIfNeeded: id)
            let goesOn = text.utf8.starts(with: prefix.utf8) && text.utf8.count > prefix.utf8.count
            let bytes = Array(text.utf8.dropFirst(goesOn ? prefix.utf8.count : 0))
            longest = max(longest, bytes.count)
            pieces.append(bytes)
            tokens.append(goesOn || controls.contains(token) || bytes.isEmpty ? bytes : [0x20] + bytes)
            if bytes.isEmpty { continue }
            if goesOn { continuations.insert(token, in: pieces) } else { starts.insert(token, in: pieces) }
        }
        self.init(
            file: file, tokens: tokens,
            model: .pieces(
                WordPieces(
                    starts: starts, continuations: continuations, pieces: pieces, unknown: unknown,
                    longestWord: longestWord, longestPiece: longest)),
            controls: controls, added: added)
        dropsFirstSpace = true
    }
}
