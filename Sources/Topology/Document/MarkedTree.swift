/// A value of the file with its place, as YAML gives it, before any schema is applied.
struct MarkedTree: Sendable {
    /// The kinds of value.
    indirect enum Content: Sendable {
        case scalar(MarkedScalar)
        case secret(String)
        case list([MarkedTree])
        case mapping([MarkedEntry])
    }

    /// The place at which the value starts; for a value given by an alias, the place of its anchor.
    let mark: SourceMark
    let content: Content
}

/// A text of the file, not yet read as a number or anything else.
struct MarkedScalar: Sendable {
    /// How the text was written, which decides what it may be read as.
    enum Style: Sendable {
        /// Without quotes: may be a number or a truth value.
        case plain
        /// In quotes or as a block: a text and nothing else.
        case quoted
        /// From an environment variable: read as if it were plain, but never shown and never nothing.
        case expanded
    }

    let text: String
    let style: Style
    /// The text as written in the file, before variables were replaced.
    let written: String

    /// Whether no value is given: empty, `~` or `null`, without quotes.
    var isNothing: Bool {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The text for a message; a value from the environment is not shown, only its variable's name.
    var shown: String { style == .expanded ? written.quoted : text.quoted }
}

/// A key of a mapping and its value.
struct MarkedEntry: Sendable {
    let name: String
    /// The place of the key.
    let mark: SourceMark
    let value: MarkedTree
}

extension MarkedTree {
    var scalar: MarkedScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    var isNothing: Bool { scalar?.isNothing ?? false }

    /// The entries of a mapping; none if nothing is given, `nil` for anything else.
    var entries: [MarkedEntry]? {
        if case .mapping(let entries) = content { return entries }
        return isNothing ? [] : nil
    }

    /// The end of a message that says what a value must be: ", not …" or that there is none.
    var contrast: String { isNothing ? ", but nothing is given" : ", not \(described)" }

    /// A description of the value for a message; never shows text from the environment or a secret.
    private var described: String {
        switch content {
        case .secret: "a secret"
        case .list: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.style {
            case .plain: scalar.written.quoted
            case .quoted: "the text \"\(scalar.written.clipped)\""
            case .expanded: "what \(scalar.written.quoted) expands to"
            }
        }
    }
}

extension String {
    /// At most sixty characters of the text.
    var clipped: String { utf8.count > 60 && count > 60 ? prefix(60) + "…" : self }

    /// The text in backticks, clipped.
    var quoted: String { "`\(clipped)`" }
}
