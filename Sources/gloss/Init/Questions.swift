import Foundation

/// Asks for what was not given on the command line.
struct Questions {
    /// Shows a question.
    let show: (String) throws -> Void
    /// The next line of the answer; `nil` at the end of the input.
    let read: () -> String?

    /// An answer that is missing.
    struct Unanswered: Error, CustomStringConvertible {
        let description: String
    }

    /// What was given, else the answer to a question; an empty one stands for `usual`, if there is one.
    func answer(_ given: String?, _ question: String, option: String, usual: String? = nil) throws -> String {
        if let given { return given }
        while true {
            try show("\(question)\(usual.map { $0.isEmpty ? "" : " [\($0)]" } ?? ""): ")
            guard let line = read() else { throw Unanswered(description: "the input ended; give \(option)") }
            let text = line.trimmingCharacters(in: .whitespaces)
            if !text.isEmpty { return text }
            if let usual { return usual }
        }
    }
}
