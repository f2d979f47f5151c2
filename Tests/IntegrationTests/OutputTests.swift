import Foundation
import TestSupport
import Testing

/// Standard output and error that take nothing: full, closed, or read no further.
@Suite(.timeLimit(.minutes(5))) struct OutputTests {
    private let subject: TinySubject
    private let topology: String
    private let program = GlossProgram()

    init() throws {
        subject = try TinySubject()
        topology = try subject.topology(
            "output", source: "{ type: file, path: \"\(try subject.corpus(documents: 60))\" }")
    }

    /// Runs the command in a shell, with `gloss` for the program; bash tells of a signal as 128 and its number.
    private func shell(_ script: String) throws -> GlossProgram.Outcome {
        try program.runShell("gloss() { \"$GLOSS\" \"$@\"; }; " + script)
    }

    private func run() throws {
        let outcome = try program.run(["run", topology, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    private static let outputs = [">/dev/full", ">&-", "2>/dev/full", "2>&-", ">&- 2>&- <&-", ">/dev/full 2>/dev/full"]

    @Test(arguments: outputs + ["| head -n 1; exit ${PIPESTATUS[0]}", "2>&1 | true; exit ${PIPESTATUS[0]}"])
    func aRunGoesOnToItsEnd(output: String) throws {
        let outcome = try shell("gloss run '\(topology)' --until-drained \(output)")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let written = try RunContent(subject.state("output"), program: program)
        let plain = try subject.topology(
            "plain", source: "{ type: file, path: \"\(subject.folder.file("corpus.ndjson"))\" }")
        try #require(try program.run(["run", plain, "--until-drained", "--quiet"]).status == 0)
        #expect(try written == RunContent(subject.state("plain"), program: program))
        #expect(!written.results.isEmpty)
    }

    @Test(arguments: [">/dev/full", ">&-"])
    func aCommandThatIsReadFromSaysThatItCannotWrite(output: String) throws {
        try run()
        let (state, model) = (subject.state("output"), subject.folder.file("model"))
        let tokens = "echo '{\"text\": \"a river\", \"prompt\": \"a river\"}' | gloss"
        for command in [
            "gloss report '\(state)'", "gloss report '\(state)' --json", "gloss tail '\(state)' --offset 9 --end",
            "gloss tail '\(state)' --offset 9 --end --json", "gloss validate '\(topology)'",
            "gloss doctor '\(topology)'", "gloss doctor --json",
            "gloss export '\(state)' --format neuronpedia --model-id tiny", "\(tokens) tokenize --model '\(model)'",
            "\(tokens) generate --model '\(model)' --max-tokens 2",
        ] {
            let outcome = try shell("\(command) \(output)")
            #expect(outcome.status == 74, "\(command): \(outcome.errors)")
            let lines = outcome.errors.split(separator: "\n")
            #expect(
                lines.last?.contains("standard output cannot be written: ") == true, "\(command): \(outcome.errors)")
            #expect(lines.count == 1, "\(command): \(outcome.errors)")
        }
    }

    @Test func aReaderThatHasEnoughEndsACommandQuietly() throws {
        try run()
        let state = subject.state("output")
        for command in ["report '\(state)' --json", "tail '\(state)' --offset 100000 --end", "doctor '\(topology)'"] {
            // The reader is gone before anything is written.
            let outcome = try shell("{ gloss \(command); echo \"ended with $?\" >&2; } | true")
            #expect(outcome.errors == "ended with 141\n", "\(command)")
        }
    }

    /// What is opened first would otherwise get the number of standard output, and all that is printed.
    @Test func whatIsPrintedNeverGoesIntoAFileOfTheState() throws {
        let outcome = try shell("gloss run '\(topology)' --until-drained --verbose <&- >&- 2>&-")
        #expect(outcome.status == 0)
        #expect(try program.run(["report", subject.state("output"), "--json"]).status == 0)
        #expect(try !RunContent(subject.state("output"), program: program).results.isEmpty)
    }

    @Test(arguments: [8, 31])
    func whoCannotOpenFurtherFilesIsToldWhichLimitToRaise(limit: Int) throws {
        let outcome = try shell("ulimit -n \(limit); gloss run '\(topology)' --until-drained --quiet")
        #expect(outcome.errors.contains("raise `ulimit -n`"), "\(outcome.errors)")
        #expect(outcome.status == 74, "\(outcome.errors)")
    }

    /// What a log line is to machines.
    private struct Line: Decodable {
        let time: Date
        let level: String
        let message: String
        let node: String?
        let part: String?
        let cause: String?
        let exit_code: Int?
    }

    private func lines(_ text: String) throws -> [Line] {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return try text.split(separator: "\n").map { try decoder.decode(Line.self, from: Data($0.utf8)) }
    }

    @Test func aLogInJSONIsOneObjectALine() throws {
        let begun = Date(timeIntervalSinceNow: -1)
        let run = try program.run(["run", topology, "--until-drained", "--log-format", "json", "--verbose"])
        try #require(run.status == 0, "\(run.errors)")
        let told = try lines(run.errors)
        #expect(Set(told.compactMap(\.part)) == ["memory", "checkpoint", "run"])
        #expect(told.allSatisfy { $0.level == "info" && $0.cause == nil && $0.time >= begun && $0.time <= Date() })

        let text = try String(contentsOfFile: topology, encoding: .utf8)
        try subject.folder.write(text.replacing("name: tiny", with: "name: other"), to: "other.yaml")
        let refused = try program.run(["run", subject.folder.file("other.yaml"), "--log-format", "json", "--quiet"])
        #expect(refused.status == 78)
        let last = try lines(refused.errors).last
        #expect(last?.level == "error" && last?.cause == "configuration" && last?.exit_code == 78)
        #expect(last?.message.contains("is that of topology 'tiny', not of 'other'") == true)

        try subject.folder.write(text.replacing("window: 16", with: "widnow: 16"), to: "wrong.yaml")
        let wrong = try program.run(["run", subject.folder.file("wrong.yaml"), "--log-format", "json"])
        let faults = try lines(wrong.errors)
        #expect(wrong.status == 78 && faults.count == 1)
        #expect(faults.first?.message.contains("wrong.yaml:13:") == true, "\(wrong.errors)")
    }

    @Test func aLogInAFileHasTimeAndLevelInEachLine() throws {
        let outcome = try program.run(["run", topology, "--until-drained", "--verbose"])
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count > 2)
        for line in lines {
            #expect(
                line.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info \[(memory|checkpoint|run|codes)\] .+/)
                    != nil, "\(line)")
        }
    }
}
