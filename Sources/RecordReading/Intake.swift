import Elements
package import Running
import Synchronization

/// How far the sources of a topology have been read, and how much of that has been counted at the place of its barriers.
///
/// A checkpoint is cut at what has come through the slowest stage, so what was read and still waits before it is not waited
/// for: after a restart it is read again from the fence.
package final class Intake: Sendable {
    private let state: Mutex<IntakeState>
    /// Raised once the last barrier has passed: nothing more is to be read or computed.
    package let over = StopSignal()

    /// Makes the intake of some sources, none of which has started.
    package init(sources: Set<String>) { state = Mutex(IntakeState(sources: sources)) }

    /// A source goes on after these fences.
    func start(_ node: String, _ source: any RecordSource, after fences: [Fence]) {
        state.withLock { $0.start(node, source, after: fences) }
    }

    /// A source has been read up to these offsets.
    func read(_ node: String, to next: [PartitionKey: Int64]) { state.withLock { $0.read(node, to: next) } }

    /// A source begins to read partitions at these fences, and reads others no more.
    func move(_ node: String, begun: [Fence], ended: [PartitionKey]) {
        state.withLock { $0.move(node, begun: begun, ended: ended) }
    }

    /// Nothing more comes from a source, since it has been read to its end.
    func exhaust(_ node: String) { state.withLock { $0.end(node, isExhausted: true) } }

    /// Nothing more comes from a source, since it was not reached.
    func end(_ node: String) { state.withLock { $0.end(node, isExhausted: false) } }

    /// A batch has come to the place of the barriers.
    func pass(_ reached: [Fence]) { state.withLock { $0.pass(reached) } }

    /// Where the sources stand at that place.
    var fences: [Fence] { state.withLock { $0.fences } }

    /// Whether all that the sources hold has come there.
    func isCaughtUp() async -> Bool {
        guard let questions = state.withLock({ $0.questions }) else { return false }
        for question in questions where await !question.source.isCaughtUp(with: question.next) { return false }
        return true
    }

    /// Whether all that the sources hold has come there, as far as can be told without asking a broker.
    var isExhausted: Bool { state.withLock { $0.isExhausted } }
}

/// The rules of an intake, without locks or tasks.
struct IntakeState {
    /// A source that has to be asked whether it holds more.
    struct Question: Sendable {
        let source: any RecordSource
        let next: [PartitionKey: Int64]
    }

    private enum Phase {
        case starting
        case reading(any RecordSource)
        case ended(isExhausted: Bool)
    }

    private var phases: [String: Phase]
    /// By source: how far it has been read.
    private var read: [String: [PartitionKey: Int64]] = [:]
    /// By source: where it stands at the place of the barriers.
    private var counted: [String: [PartitionKey: Fence]] = [:]

    init(sources: Set<String>) {
        phases = Dictionary(uniqueKeysWithValues: sources.map { ($0, .starting) })
    }

    mutating func start(_ node: String, _ source: any RecordSource, after fences: [Fence]) {
        phases[node] = .reading(source)
        for fence in fences where fence.source == node {
            counted[node, default: [:]][PartitionKey(of: fence)] = fence
        }
        read[node] = next(of: node)
    }

    mutating func read(_ node: String, to next: [PartitionKey: Int64]) { read[node] = next }

    mutating func move(_ node: String, begun: [Fence], ended: [PartitionKey]) {
        for key in ended {
            counted[node]?[key] = nil
            read[node]?[key] = nil
        }
        for fence in begun {
            counted[node, default: [:]][PartitionKey(of: fence)] = fence
            read[node, default: [:]][PartitionKey(of: fence)] = fence.next
        }
    }

    mutating func end(_ node: String, isExhausted: Bool) { phases[node] = .ended(isExhausted: isExhausted) }

    /// A batch brings the fence of its last context and those of all that it was read with, so one may be behind another.
    mutating func pass(_ reached: [Fence]) {
        for fence in reached {
            let key = PartitionKey(of: fence)
            if let before = counted[fence.source]?[key], !fence.isAhead(of: before) { continue }
            counted[fence.source, default: [:]][key] = fence
        }
    }

    var fences: [Fence] {
        counted.values.flatMap(\.values).sorted {
            ($0.source, $0.topic, $0.partition) < ($1.source, $1.topic, $1.partition)
        }
    }

    /// The sources that decide whether all is counted; `nil` if that is not so in any case.
    var questions: [Question]? {
        var questions: [Question] = []
        for (node, phase) in phases {
            guard isCounted(node) else { return nil }
            switch phase {
            case .starting, .ended(isExhausted: false): return nil
            case .ended(isExhausted: true): continue
            case .reading(let source): questions.append(Question(source: source, next: next(of: node)))
            }
        }
        return questions
    }

    /// Whether every source has been read to its end, and all of it is counted.
    var isExhausted: Bool { questions?.isEmpty == true }

    /// Whether what has been read of a source is counted.
    private func isCounted(_ node: String) -> Bool {
        guard counted[node]?.values.allSatisfy({ $0.contexts == 0 }) ?? true else { return false }
        let counted = next(of: node)
        return (read[node] ?? [:]).allSatisfy { key, next in counted[key] ?? .min >= next }
    }

    private func next(of node: String) -> [PartitionKey: Int64] {
        (counted[node] ?? [:]).mapValues(\.next)
    }
}
