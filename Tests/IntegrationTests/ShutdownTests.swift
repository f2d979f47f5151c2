import Elements
import Foundation
import Store
import Testing

/// SIGTERM and SIGINT, whatever the rest of the world does.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ShutdownTests {
    /// What `gloss run` allows itself, less than which a test of it must take.
    private static let deadline = Duration.seconds(60)

    private func source(_ address: String) -> String {
        "{ type: kafka, brokers: \"\(address)\", topics: [corpus], group: tiny }"
    }

    private func feed(_ subject: TinySubject, _ program: GlossProgram, _ address: String, documents: Int) throws {
        try program.feed(try subject.corpus(documents: documents), at: address, partitions: 3)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aStoppedRunCheckpointsAndEndsWell(signal: Int32) throws {
        let subject = try TinySubject()
        let program = GlossProgram()
        let broker = try BrokerProcess(mockTopics: ["corpus": 3])
        try feed(subject, program, broker.address, documents: 1500)
        let whole = try subject.topology("whole", source: source(broker.address))
        try #require(try program.run(["run", whole, "--until-drained", "--quiet"]).status == 0)
        let read = try ReportReading(subject.state("whole"), program: program).offsets.reduce(0) { $0 + $1.next }

        let stopped = try subject.topology("stopped", source: source(broker.address))
        let daemon = try RunningGloss(program, ["run", stopped, "--verbose"])
        #expect(daemon.says("[checkpoint]"))
        let taken = timed {
            daemon.signal(signal)
            let (status, errors) = daemon.end()
            #expect(status == 0, "\(errors)")
            #expect(errors.contains("stopping: reading no more, writing a last checkpoint"))
        }
        #expect(taken < Self.deadline)
        let soFar = try ReportReading(subject.state("stopped"), program: program)
        #expect(soFar.offsets.reduce(0) { $0 + $1.next } < read, "the corpus is too small to be interrupted")
        try #require(try program.run(["run", stopped, "--until-drained", "--quiet"]).status == 0)
        let expected = try RunContent(subject.state("whole"), program: program)
        #expect(expected.tokens > 100_000)
        #expect(try RunContent(subject.state("stopped"), program: program) == expected)
    }

    /// No terminal has closed, so that somebody wants the file to be read again.
    @Test func aHangUpWithoutATerminalThatClosesReadsTheTopologyAgain() throws {
        let (subject, program) = (try TinySubject(), GlossProgram())
        let judge = try SilentServer()
        let topology = try hanging(subject, judge)
        let daemon = try RunningGloss(program, ["run", topology, "--verbose"])
        try judge.acceptOne()
        daemon.signal(SIGHUP)
        #expect(daemon.says("nothing has changed: the file says what runs"))
        let text = try String(contentsOfFile: topology, encoding: .utf8)
        try text.replacing("name: tiny", with: "name: another").write(
            toFile: topology, atomically: true, encoding: .utf8)
        daemon.signal(SIGHUP)
        #expect(daemon.says("E618 the daemon cannot change this while it runs: name: tiny → another"))
        daemon.signal(SIGTERM)
        let (status, errors) = daemon.end()
        #expect(status == 0, "\(errors)")
    }

    @Test func underNohupARunOutlivesItsTerminal() throws {
        let (subject, program) = (try TinySubject(), GlossProgram())
        let topology = try subject.topology("nohup", source: "{ type: stdin }")
        let process = program.makeProcess(["-c", "trap '' HUP; exec \"$GLOSS\" run \"$0\" --verbose", topology])
        process.environment?["GLOSS"] = process.executableURL?.path
        process.executableURL = URL(filePath: "/bin/bash")
        let daemon = try RunningGloss(process)
        #expect(daemon.says("[checkpoint]"))
        daemon.signal(SIGHUP)
        daemon.signal(SIGTERM)
        let (status, errors) = daemon.end()
        // Had it heeded the first signal, the second would have ended it at once.
        #expect(status == 0, "\(errors)")
    }

    @Test func aJudgeThatHangsHoldsUpNoStopAndItsJobsStayOpen() throws {
        let (subject, program) = (try TinySubject(), GlossProgram())
        let judge = try SilentServer()
        let topology = try hanging(subject, judge)
        let daemon = try RunningGloss(program, ["run", topology, "--verbose"])
        try judge.acceptOne()
        let taken = timed {
            daemon.signal(SIGTERM)
            let (status, errors) = daemon.end()
            #expect(status == 0, "\(errors)")
        }
        #expect(taken < Self.deadline)
        let reader = try Store.reader(directory: subject.state("hanging"))
        #expect(try !reader.jobs(in: .open).isEmpty)
        #expect(try reader.jobs(in: .failed).isEmpty)
        #expect(try reader.scores().allSatisfy { $0.node == "executed" })
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aSecondSignalEndsTheRunAtOnce(second: Int32) throws {
        let (subject, program) = (try TinySubject(), GlossProgram())
        let judge = try SilentServer()
        let daemon = try RunningGloss(program, ["run", try hanging(subject, judge), "--verbose"])
        try judge.acceptOne()
        daemon.signal(SIGTERM)
        #expect(daemon.says("stopping"))
        let taken = timed {
            daemon.signal(second)
            #expect(daemon.end().status == 130)
        }
        #expect(taken < .seconds(5))
    }

    /// A topology whose judge never answers.
    private func hanging(_ subject: TinySubject, _ judge: SilentServer) throws -> String {
        try subject.topology(
            "hanging", source: "{ type: file, path: \"\(try subject.corpus(documents: 200))\" }",
            judge: "{ openai: \"http://127.0.0.1:\(judge.port)/v1\", model: silent, timeout: 10m }")
    }

    @Test(arguments: ["cut", "hang"])
    func aBrokerThatIsGoneHoldsUpNoStop(trouble: String) throws {
        let subject = try TinySubject()
        let broker = try ProxiedBroker()
        let program = GlossProgram(environment: broker.environment)
        try feed(subject, program, broker.address, documents: 1500)
        let sinks = "{ out: { type: kafka, inputs: [lexical, executed, detected], topic: results } }"
        let whole = try subject.topology("whole", source: source(broker.address))
        try #require(try program.run(["run", whole, "--until-drained", "--quiet"]).status == 0)

        let stopped = try subject.topology("stopped", source: source(broker.address), sinks: sinks)
        let daemon = try RunningGloss(program, ["run", stopped, "--verbose"])
        #expect(daemon.says("[checkpoint]"))
        try broker.proxy.perform(trouble)
        let taken = timed {
            daemon.signal(SIGTERM)
            let (status, errors) = daemon.end()
            #expect(status == 0, "\(errors)")
        }
        #expect(taken < Self.deadline)
        try broker.proxy.perform("restore")
        let last = try program.run(["run", stopped, "--until-drained", "--quiet"])
        #expect(last.status == 0, "\(last.errors)")
        #expect(
            try RunContent(subject.state("stopped"), program: program)
                == RunContent(subject.state("whole"), program: program))
    }
}
