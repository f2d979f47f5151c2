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
            #expect(lines.last?.contains("standard output cannot be written: ") == true, "\(command): \(outcome.errors)")
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
}
