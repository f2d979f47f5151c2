internal import Dispatch
internal import Foundation
internal import Kafka

/// What the arguments ask for.
enum Request {
    case start(topics: [String: Int], brokers: Int)
    case help
    case mistake(String)
}

let usage = """
    kafka-mock [--topics NAME:PARTITIONS,…] [--brokers N]
    Runs in-process Kafka brokers on loopback for tests. Prints one line, bootstrap=HOST:PORT, and runs until standard input
    closes or SIGTERM or SIGINT arrives. Nothing is kept: each partition drops its head above 5 MiB, and all is gone at the end.
    """

func parse(_ arguments: [String]) -> Request {
    var topics: [String: Int] = [:]
    var brokers = 1
    var rest = arguments[...]
    while let option = rest.popFirst() {
        if option == "--help" || option == "-h" { return .help }
        guard let value = rest.popFirst() else { return .mistake("\(option) needs a value") }
        switch option {
        case "--brokers":
            guard let count = Int(value), (1...16).contains(count) else {
                return .mistake("--brokers takes 1 to 16, not '\(value)'")
            }
            brokers = count
        case "--topics":
            for entry in value.split(separator: ",") {
                let parts = entry.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, let count = Int(parts[1]), (1...10_000).contains(count) else {
                    return .mistake("--topics takes NAME:PARTITIONS, such as corpus:4, not '\(entry)'")
                }
                topics[String(parts[0])] = count
            }
        default:
            return .mistake("unknown option '\(option)'")
        }
    }
    return .start(topics: topics, brokers: brokers)
}

func say(_ words: String, to file: FileHandle) { file.write(Data((words + "\n").utf8)) }

switch parse(Array(CommandLine.arguments.dropFirst())) {
case .help:
    say(usage, to: .standardOutput)
case .mistake(let words):
    say("kafka-mock: \(words)\n\(usage)", to: .standardError)
    exit(64)
case .start(let topics, let brokers):
    do {
        let cluster = try MockCluster(topics: topics, brokerCount: brokers)
        // Before the line is printed, so that whoever reads it can already stop us.
        signal(SIGTERM, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        let ended = DispatchSemaphore(value: 0)
        let sources = [SIGTERM, SIGINT].map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
        for source in sources {
            source.setEventHandler { @Sendable in ended.signal() }
            source.activate()
        }
        Thread.detachNewThread { @Sendable in
            while !FileHandle.standardInput.availableData.isEmpty {}
            ended.signal()
        }
        say("bootstrap=\(cluster.brokers)", to: .standardOutput)
        withExtendedLifetime((cluster, sources)) { ended.wait() }
    } catch {
        say("kafka-mock: \(error)", to: .standardError)
        exit(1)
    }
}
