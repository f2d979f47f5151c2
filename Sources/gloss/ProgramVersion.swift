import Foundation

/// The version of this program, with the commit it was built from if that is known.
enum ProgramVersion {
    /// The number of the version.
    static let number = "0.1.0"

    /// The number, and the commit if it is known.
    static var text: String {
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            let commit = commit(of: program)
        else { return number }
        return "\(number) (\(commit))"
    }

    /// The commit that the file `NAME.commit` beside a program names; `nil` if there is none.
    ///
    /// Whoever builds by `deploy/setup` has it written after the program, so that a file older than the program is about
    /// another build.
    static func commit(of program: String) -> String? {
        let stamp = program + ".commit"
        guard let (built, stamped) = dates(program, stamp), stamped >= built,
            let text = try? String(contentsOfFile: stamp, encoding: .utf8)
        else { return nil }
        let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return commit.isEmpty || commit.count > 60 || commit.contains(where: { !$0.isASCII || $0.isNewline })
            ? nil : commit
    }

    private static func dates(_ program: String, _ stamp: String) -> (Date, Date)? {
        func date(_ path: String) -> Date? {
            (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
        }
        guard let built = date(program), let stamped = date(stamp) else { return nil }
        return (built, stamped)
    }
}
