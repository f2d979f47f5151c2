import RecordReading
import Running
import Shuffle
import Stages
import Topology

extension NodeContext {
    /// The group under which offsets of a source are committed: that of the processes that share the corpus, if they do.
    ///
    /// Two sources may read one topic, each up to another offset.
    func group(of node: String, otherwise own: String?) -> String? {
        publisher.map { $0.identity.group("gloss-\(graph.topology.name)-\(node)") } ?? own
    }

    /// The partitions of a source that this process reads.
    func part(of node: String) -> KafkaPart {
        guard let publisher, case .ingest(let own) = options.role else { return KafkaPart() }
        return KafkaPart(
            isDealtByGroup: own == nil, takes: { own?.contains(Int($0)) ?? true }, goesOnFromCommitted: true,
            onStart: { starts in
                for start in starts {
                    publisher.begin(
                        CorpusPartition(start.partition, of: node), at: start.offset, isCommitted: start.isCommitted,
                        reading: start.reading)
                }
            },
            onEnd: { partitions in
                for partition in partitions { publisher.end(CorpusPartition(partition, of: node)) }
            })
    }
}

extension CorpusPartition {
    fileprivate init(_ key: PartitionKey, of source: String) {
        self.init(source: source, topic: key.topic, partition: key.partition)
    }
}
