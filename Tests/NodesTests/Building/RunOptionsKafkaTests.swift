import Kafka
import Running
import Synchronization
import Testing

@testable import Nodes

@Suite struct RunOptionsKafkaTests {
    /// An operator hears of trouble and of its end; backpressure and the library's own log are for debugging.
    @Test func anOperatorHearsOfTroubleAndOfItsEnd() {
        let heard = Mutex<[String]>([])
        let options = RunOptions(cores: 1) { node, text in heard.withLock { $0.append("\(node): \(text)") } }
        let tell = options.kafkaNotices(of: "corpus")
        let kinds: [KafkaNotice.Kind] = [.brokerUnreachable, .recovered, .paused, .log]
        for level in [KafkaNotice.Level.debug, .information, .warning, .error] {
            for kind in kinds { tell(KafkaNotice(kind: kind, level: level, description: "\(kind) \(level)")) }
        }
        let loud = [KafkaNotice.Level.warning, .error].flatMap { level in kinds.map { "corpus: \($0) \(level)" } }
        #expect(
            heard.withLock { $0 } == ["corpus: recovered debug", "corpus: recovered information"] + loud)
    }
}
