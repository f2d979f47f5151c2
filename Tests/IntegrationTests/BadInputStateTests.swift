import Foundation
import TestSupport
import Testing

/// State directories that cannot be used.
@Suite(.timeLimit(.minutes(5))) struct BadInputStateTests {
    private let subject: TinySubject
    private let program = GlossProgram()
    private let source: String

    init() throws {
        subject = try TinySubject()
        source = "{ type: file, path: \"\(try subject.corpus(documents: 1500))\" }"
    }

    private func topology(at directory: String) throws -> String {
        let topology = try subject.topology("elsewhere", source: source)
        let text = try String(contentsOfFile: topology, encoding: .utf8)
            .replacingOccurrences(of: subject.state("elsewhere"), with: directory)
        try subject.folder.write(text, to: "elsewhere.yaml")
        return topology
    }

    // Not even root can make a directory there.
    @Test(arguments: ["/sys/gloss-state", "/proc/gloss-state", "/dev/null", "/dev/null/state"])
    func aDirectoryThatCannotBeMadeOrWrittenIsNamed(directory: String) throws {
        let outcome = try program.run(["run", try topology(at: directory), "--until-drained", "--quiet"])
        #expect([74, 78].contains(outcome.status))
        #expect(outcome.errors.contains("state directory \(directory): "), "\(outcome.errors)")
    }

    @Test func theStateOfAnotherTopologyIsRefusedAndKept() throws {
        let first = try subject.topology("first", source: source)
        try #require(try program.run(["run", first, "--until-drained", "--quiet"]).status == 0)
        let before = try RunContent(subject.state("first"), program: program)
        let other = try subject.topology("other", source: source, state: "first", title: "other")
        let refused = try program.run(["run", other, "--until-drained", "--quiet"])
        #expect(refused.status == 78)
        #expect(refused.errors.contains("is that of topology 'tiny', not of 'other'"), "\(refused.errors)")
        #expect(try RunContent(subject.state("first"), program: program) == before)
    }

    @Test func aFullDiskStopsTheRunAndARestartGoesOnFromTheLastCheckpoint() throws {
        let whole = try subject.topology("whole", source: source)
        try #require(try program.run(["run", whole, "--until-drained", "--quiet"]).status == 0)
        let full = try subject.topology("full", source: source)
        // Files of at most 600 KiB: room for the database's tables and a few checkpoints.
        let arguments = ["run", full, "--until-drained", "--quiet"]
        let outcome = try program.run(arguments, limitingFilesTo: 600)
        #expect(outcome.status == 74)
        #expect(outcome.errors.contains(subject.state("full") + "/gloss.sqlite: the disk refused"), "\(outcome.errors)")
        #expect(outcome.errors.contains("ulimit -f"))
        let soFar = try ReportReading(subject.state("full"), program: program)
        #expect(soFar.evidence.first?.tokens ?? 0 > 0, "not even one checkpoint had room")
        #expect(try RunContent(subject.state("full"), program: program).results.isEmpty)
        let last = try program.run(arguments)
        try #require(last.status == 0, "\(last.errors)")
        #expect(
            try RunContent(subject.state("full"), program: program)
                == RunContent(subject.state("whole"), program: program))
    }
}
