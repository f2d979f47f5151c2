import Foundation
import Store
import TestSupport
import Testing

/// A copy of the state of a daemon that runs, and what goes on from it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StateCopyTests {
    private let subject: TinySubject
    private let program = GlossProgram()

    init() throws { subject = try TinySubject() }

    private func entries(of folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func aRunThatGoesOnFromACopyEndsAsAnUninterruptedOne() throws {
        let broker = try BrokerProcess(mockTopics: ["corpus": 3])
        let corpus = try subject.corpus(documents: 1500)
        try program.feed(corpus, at: broker.address, partitions: 3)
        let source = "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus], group: tiny }"
        let whole = try subject.topology("whole", source: source)
        try #require(try program.run(["run", whole, "--until-drained", "--quiet"]).status == 0)
        let expected = try RunContent(subject.state("whole"), program: program)

        let original = try subject.topology("original", source: source)
        let daemon = try RunningGloss(program, ["run", original, "--verbose"])
        // A checkpoint on a busy machine may come before anything is counted.
        var (checkpoints, counted) = (2, UInt64(0))
        while counted == 0 {
            try #require(daemon.says("[checkpoint]", times: checkpoints))
            counted = try ReportReading(subject.state("original"), program: program).evidence.first?.tokens ?? 0
            checkpoints += 1
        }
        let copied = try program.run(["state", "copy", subject.state("original"), subject.state("moved")])
        #expect(copied.status == 0, "\(copied.errors)")
        #expect(copied.output.contains("topology 'tiny'") && copied.output.contains("the copy was read whole"))
        daemon.signal(SIGKILL)
        _ = daemon.end()

        let copy = try ReportReading(subject.state("moved"), program: program)
        let tokens = try #require(copy.evidence.first?.tokens)
        #expect(tokens > 0 && tokens < expected.tokens, "the copy was made too early or too late")
        #expect(copied.output.contains("\(tokens) tokens"))
        let moved = try subject.topology("on", source: source, state: "moved")
        let last = try program.run(["run", moved, "--until-drained", "--quiet"])
        try #require(last.status == 0, "\(last.errors)")
        #expect(try RunContent(subject.state("moved"), program: program) == expected)
    }

    @Test func whatTheStepsOfTheManualDoIsABackupThatCanBePutBack() throws {
        let source = "{ type: file, path: \"\(try subject.corpus(documents: 60))\" }"
        let topology = try subject.topology("run", source: source)
        try #require(try program.run(["run", topology, "--until-drained", "--quiet"]).status == 0)
        let before = try RunContent(subject.state("run"), program: program)
        let page = try String(
            contentsOf: Folders.root.appending(path: "docs/operations.md"), encoding: .utf8)
        let script = try #require(
            page.components(separatedBy: "<!-- tested: backup -->").dropFirst().first?
                .components(separatedBy: "```sh\n").dropFirst().first?.components(separatedBy: "```").first,
            "the manual has no script of a backup")
        let backups = subject.folder.file("backups")
        try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: true)
        let outcome = try program.runShell(
            "set -e; gloss() { \"$GLOSS\" \"$@\"; }; STATE='\(subject.state("run"))'; BACKUPS='\(backups)'\n\(script)")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try entries(of: backups).count == 1)
        #expect(try RunContent(subject.state("run"), program: program) == before)
        let again = try program.run(["run", topology, "--until-drained", "--quiet"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try RunContent(subject.state("run"), program: program) == before)
    }

    @Test func whatCannotBeCopiedIsRefusedWithoutATrace() throws {
        let source = "{ type: file, path: \"\(try subject.corpus(documents: 20))\" }"
        let topology = try subject.topology("run", source: source)
        try #require(try program.run(["run", topology, "--until-drained", "--quiet"]).status == 0)
        let state = subject.state("run")
        let before = try entries(of: subject.folder.path)
        let inside = try program.run(["state", "copy", state, state + "/copy"])
        #expect(inside.status == 78 && inside.errors.contains("nothing was copied"), "\(inside.errors)")
        let missing = try program.run(["state", "copy", subject.state("none"), subject.state("copy")])
        #expect(missing.status == 66, "\(missing.errors)")
        // A file may have 64 KiB, and the database has more.
        let full = try program.run(["state", "copy", state, subject.state("copy")], limitingFilesTo: 64)
        #expect(full.status == 74, "\(full.errors)")
        #expect(full.errors.contains("the disk refused"), "\(full.errors)")
        #expect(try entries(of: subject.folder.path) == before)

        let first = try program.run(["state", "copy", state, subject.state("copy")])
        #expect(first.status == 0, "\(first.errors)")
        let second = try program.run(["state", "copy", state, subject.state("copy")])
        #expect(second.status == 78 && second.errors.contains("--force"), "\(second.errors)")
        #expect(try program.run(["state", "copy", state, subject.state("copy"), "--force"]).status == 0)
        #expect(
            try RunContent(subject.state("copy"), program: program) == RunContent(state, program: program))
    }
}
