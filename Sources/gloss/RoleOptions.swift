import ArgumentParser
import Running
import Shuffle

/// What a process does of a topology's work, as the command line says it.
struct RoleOptions: ParsableArguments {
    /// The roles that have a name.
    enum Name: String, ExpressibleByArgument, CaseIterable {
        case ingest, evidence
    }

    @Option(
        name: .customLong("role"),
        help: """
            What this process does, where several share the work of a topology that has `shuffle`: ingest reads a part of \
            the corpus' partitions, evidence owns a part of the latents, and explains and scores them. Without it one \
            process does all.
            """)
    var name: Name?

    @Option(
        help: """
            With --role, the number of this process among those of its role, from 0. Without it, processes with --role \
            ingest are members of a consumer group, to which the brokers deal out the partitions.
            """)
    var ordinal: Int?

    @Option(name: .customLong("of"), help: "With --role, the number of processes of that role.")
    var count: Int?

    /// The role.
    var role: Role {
        let own = ordinal.flatMap { ordinal in count.map { OwnedShards(ordinal: ordinal, of: $0) } }
        return switch name {
        case .ingest: .ingest(own)
        case .evidence: .evidence(own ?? OwnedShards(ordinal: 0, of: 1))
        case nil: .whole
        }
    }

    func validate() throws {
        if name == .ingest, ordinal == nil, count == nil { return }
        guard name != nil else {
            guard ordinal == nil, count == nil else {
                throw ValidationError("--ordinal and --of go with --role ingest or --role evidence")
            }
            return
        }
        guard let ordinal, let count else {
            throw ValidationError(
                name == .ingest
                    ? "--role ingest takes --ordinal and --of together, or neither for a part that the brokers deal out"
                    : "--role evidence needs --ordinal, from 0, and --of, the number of processes of that role")
        }
        guard (1...1024).contains(count), (0..<count).contains(ordinal) else {
            throw ValidationError("--of needs 1 to 1024 processes, and --ordinal a number from 0 and below that")
        }
    }
}
