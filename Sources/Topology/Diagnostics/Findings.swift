/// The diagnostics found so far while one file is read.
struct Findings {
    /// The file's name, as it was given.
    let file: String
    /// The diagnostics, in the order in which they were found.
    private(set) var diagnostics: [Diagnostic] = []

    private var muted: Set<SourceMark> = []

    init(file: String) { self.file = file }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// In the order of the file, those about the whole file first.
    var inFileOrder: [Diagnostic] {
        diagnostics.enumerated().sorted { left, right in
            let first = left.element.mark ?? SourceMark(line: 0, column: 0)
            let second = right.element.mark ?? SourceMark(line: 0, column: 0)
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    /// Suppresses later diagnostics at a place, because they would only follow from those already found.
    mutating func mute(_ mark: SourceMark) { muted.insert(mark) }

    mutating func add(_ code: DiagnosticCode, at mark: SourceMark?, _ message: String, help: String? = nil) {
        if let mark, muted.contains(mark) { return }
        diagnostics.append(Diagnostic(code, file: file, mark: mark, message: message, help: help))
    }
}
