import Yams

/// Turns the nodes that Yams composes into a tree of our own, replacing variables in its leaves.
struct TreeComposer {
    /// The deepest nesting a topology may have.
    static let deepest = 32
    /// The most values a topology may have, those repeated by aliases counted each time.
    static let mostValues = 100_000

    static let tooDeepMessage = "values are nested more than \(deepest) deep"

    let lines: SourceLines
    let duplicates: DuplicateKeys
    let environment: [String: String]?
    private var values = 0

    init(lines: SourceLines, duplicates: DuplicateKeys, environment: [String: String]?) {
        self.lines = lines
        self.duplicates = duplicates
        self.environment = environment
    }

    /// The tree of a document's root; `nil` if it is too large, and the reason is added to the findings.
    mutating func tree(of root: Yams.Node, into findings: inout Findings) -> MarkedTree? {
        let tree = compose(root, depth: 0, into: &findings)
        if values > Self.mostValues {
            findings.add(
                .tooLarge, at: SourceMark(line: 1, column: 1), "the file has more than \(Self.mostValues) values")
            return nil
        }
        return tree
    }

    private mutating func compose(_ node: Yams.Node, depth: Int, into findings: inout Findings) -> MarkedTree? {
        let place = place(of: node)
        let mark = lines.mark(line: place.line, scalarColumn: place.scalarColumn)
        values += 1
        guard values <= Self.mostValues else { return nil }
        guard depth <= Self.deepest else {
            findings.add(.tooDeep, at: mark, Self.tooDeepMessage)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            return leaf(scalar, at: mark, into: &findings)
        case .sequence(let sequence):
            checkTag(sequence.tag, at: mark, into: &findings)
            var elements: [MarkedTree] = []
            for element in sequence {
                if let element = compose(element, depth: depth + 1, into: &findings) { elements.append(element) }
            }
            return MarkedTree(mark: mark, content: .list(elements))
        case .mapping(let mapping):
            checkTag(mapping.tag, at: mark, into: &findings)
            return MarkedTree(mark: mark, content: .mapping(entries(of: mapping, depth: depth, into: &findings)))
        case .alias:
            // The parser follows aliases itself; only the encoder makes these.
            return nil
        }
    }

    private mutating func entries(
        of mapping: Yams.Node.Mapping, depth: Int, into findings: inout Findings
    ) -> [MarkedEntry] {
        var entries: [MarkedEntry] = []
        var firstLines: [String: Int] = [:]
        for (key, value) in mapping {
            let place = place(of: key)
            let mark = lines.mark(line: place.line, scalarColumn: place.scalarColumn)
            guard case .scalar(let scalar) = key, key.scalar?.style != .plain || scalar.string != "<<" else {
                findings.add(
                    .badKey, at: mark, key.scalar == nil ? "a key must be a text" : "merge keys are not supported",
                    help: key.scalar == nil ? nil : "write the fields out")
                continue
            }
            let name = duplicates.original(of: scalar.string, at: place)
            if let line = firstLines[name] {
                findings.add(.duplicateKey, at: mark, "the key \(name.quoted) is first defined at line \(line)")
                continue
            }
            firstLines[name] = mark.line
            if let tree = compose(value, depth: depth + 1, into: &findings) {
                entries.append(MarkedEntry(name: name, mark: mark, value: tree))
            }
        }
        return entries
    }

    private func place(of node: Yams.Node) -> DuplicateKeys.Place {
        DuplicateKeys.Place(line: node.mark?.line ?? 1, scalarColumn: node.mark?.column ?? 1)
    }
}

// MARK: - Leaves

extension TreeComposer {
    private func leaf(
        _ scalar: Yams.Node.Scalar, at mark: SourceMark, into findings: inout Findings
    ) -> MarkedTree {
        if scalar.tag.rawValue == "!secret" { return MarkedTree(mark: mark, content: .secret(scalar.string)) }
        checkTag(scalar.tag, at: mark, into: &findings)
        let written = scalar.string
        let style: MarkedScalar.Style = scalar.style == .plain || scalar.style == .any ? .plain : .quoted
        guard let environment else {
            return MarkedTree(
                mark: mark, content: .scalar(MarkedScalar(text: written, style: style, written: written)))
        }
        let expansion = VariableExpansion(of: written, in: environment)
        for fault in expansion.faults { report(fault, at: mark, into: &findings) }
        if !expansion.faults.isEmpty { findings.mute(mark) }
        let expanded = MarkedScalar(
            text: expansion.text, style: expansion.isExpanded ? .expanded : style, written: written)
        return MarkedTree(mark: mark, content: .scalar(expanded))
    }

    private func report(_ fault: VariableExpansion.Fault, at mark: SourceMark, into findings: inout Findings) {
        switch fault {
        case .unset(let name):
            findings.add(
                .unsetVariable, at: place(of: "${\(name)}", from: mark),
                "the environment variable `\(name)` is not set",
                help: "set it, or give a default: `${\(name):-default}`")
        case .malformed(let reference):
            findings.add(
                .badVariable, at: place(of: reference, from: mark), "\(reference.quoted) is not a variable",
                help: "write `${NAME}` or `${NAME:-default}`, and `$$` for a dollar sign")
        }
    }

    /// The place of a reference on the line on which its value starts, or else the value's own place.
    private func place(of reference: String, from mark: SourceMark) -> SourceMark {
        guard let whole = lines.line(mark.line), whole.utf8.count <= 4096 else { return mark }
        let line = whole.dropFirst(mark.column - 1)
        let wanted = Array(reference)
        let letters = Array(line)
        for start in letters.indices where letters[start...].starts(with: wanted) {
            return SourceMark(line: mark.line, column: mark.column + start)
        }
        return mark
    }

    private static let plainTags: Set<String> = Set(
        ["str", "int", "float", "bool", "null", "timestamp", "value", "seq", "map"].map { "tag:yaml.org,2002:\($0)" }
            + ["", "!"])

    private func checkTag(_ tag: Tag, at mark: SourceMark, into findings: inout Findings) {
        let name = tag.rawValue
        guard !Self.plainTags.contains(name) else { return }
        findings.add(
            .unknownTag, at: mark,
            name == "!secret" ? "`!secret` is followed by one text" : "the tag \(name.quoted) is not known",
            help: "the only tag is `!secret env:NAME` or `!secret file:PATH`")
    }
}
