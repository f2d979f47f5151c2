// swift-tools-version: 6.2
import PackageDescription

// Every target of ours is built with these; each is a language proposal by the number given.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .treatAllWarnings(as: .error),  // SE-0443
]

/// A library target of ours.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test target that mirrors a room.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

let package = Package(
    name: "gloss",
    products: [.executable(name: "gloss", targets: ["gloss"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CVectorKernels"),

        room("Hashing"),
        room("JSONText"),
        room("Dataflow", [deque]),
        room("Elements", ["Dataflow", "Hashing"]),
        room("LinearAlgebra", ["COpenBLAS", "CVectorKernels"]),
        room("WeightFiles", ["CZlib", "JSONText"]),
        room("Tokenization", ["Elements", "Hashing", "JSONText", "WeightFiles", heap]),
        room("LanguageModels", ["Elements", "Hashing", "JSONText", "LinearAlgebra", "WeightFiles"]),
        room("SparseCoders", ["Elements", "Hashing", "JSONText", "LinearAlgebra", "WeightFiles", yams]),
        room("Alignment", ["Dataflow", "Elements", "LinearAlgebra", "SparseCoders", heap]),
        room("Evidence", ["Elements", "Hashing"]),
        room("Examples", ["Elements", "Hashing"]),
        room("Kafka", ["CRdKafka", deque]),
        room("Corpus", ["CZlib", "Elements", "Hashing", "JSONText"]),
        room("Records", ["Corpus", "CZlib", "Elements", "Hashing"]),
        room("Shuffle", ["Elements", "Evidence", "Hashing", "Records"]),
        room("Topology", ["Hashing", yams]),
        room("Store", ["Dataflow", "Elements", "Hashing", "JSONText", grdb, sqlite]),
        room("Lineage", ["Elements", "Hashing"]),
        room(
            "Inference",
            [
                "Dataflow", "Elements", "Examples", "Hashing", "JSONText", "LanguageModels", "LinearAlgebra",
                "Tokenization", asyncHTTPClient, deque, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"),
            ]),
        room("Explaining", ["Elements", "Examples", "Hashing", "Inference", "JSONText", "Statistics"]),
        room("Statistics", ["Elements"]),
        room("Scoring", ["Dataflow", "Elements", "Examples", "Hashing", "Inference", "Statistics", "TerminalText"]),
        room("TerminalText"),
        room("Observability", ["Dataflow", "Elements", metrics]),
        room("StateNotes", ["Elements", "Hashing", "Store"]),
        room(
            "Reports",
            [
                "Dataflow", "Elements", "Interchange", "JSONText", "Lineage", "Scoring", "StateNotes", "Statistics",
                "Store", "TerminalText",
            ]),
        room(
            "Interchange",
            [
                "Elements", "Explaining", "Hashing", "JSONText", "Lineage", "Scoring", "Store", "TerminalText",
                "WeightFiles",
            ]),
        room(
            "LatentSheets",
            [
                "Dataflow", "Elements", "Evidence", "Examples", "Hashing", "Interchange", "Lineage", "Scoring",
                "Statistics", "Store", "TerminalText",
            ]),
        room("Neuronpedia", ["CZlib", "Elements", "Explaining", "Hashing", "JSONText", "LatentSheets"]),
        room("PipelineSheets", ["Dataflow", "Observability", "Store", "TerminalText"]),
        room("Planning", ["Evidence", "JSONText", "Lineage", "TerminalText", "Topology"]),
        .target(
            name: "Dashboard",
            dependencies: [
                "Elements", "JSONText", "LatentSheets", "PipelineSheets", "Reports", "Store", "TerminalText",
            ],
            resources: [
                .embedInCode("Resources/gloss.css"), .embedInCode("Resources/gloss.js"),
                .embedInCode("Resources/icon.svg"),
            ],
            swiftSettings: strict),
        .target(
            name: "Serving",
            dependencies: [
                "Dashboard", "Dataflow", "Elements", "Hashing", "JSONText", "LatentSheets", "Lineage", "Neuronpedia",
                "Observability", "PipelineSheets", "Reports", "Running", "StateNotes", "Store", "Topology",
                hummingbird, hummingbirdCore, httpTypes, logging, nio("NIOCore"), nio("NIOHTTP1"),
            ],
            resources: [.embedInCode("Resources/openapi.yaml")],
            swiftSettings: strict),
        room("Running", ["Dataflow", "Elements", "Shuffle", "Topology"]),
        room("Checkpoints", ["Dataflow", "Elements", "Store"]),
        room(
            "RecordReading",
            [
                "Checkpoints", "Corpus", "Dataflow", "Elements", "Hashing", "Interchange", "Kafka", "Observability",
                "Records", "Running",
            ]),
        room("Sinks", ["Dataflow", "Kafka", "Running", "Store"]),
        room(
            "Jobs",
            [
                "Dataflow", "Elements", "Hashing", "Inference", "Interchange", "Observability", "Running", "Scoring",
                "StateNotes", "Store", "Topology", heap,
            ]),
        room(
            "Stages",
            [
                "Checkpoints", "Dataflow", "Elements", "Evidence", "Examples", "Explaining", "Hashing", "Inference",
                "Jobs",
                "LanguageModels", "Lineage", "LinearAlgebra", "Observability", "Records", "Running", "Scoring",
                "Shuffle", "SparseCoders",
                "StateNotes", "Store", "Tokenization",
            ]),
        room(
            "Nodes",
            [
                "Checkpoints", "Corpus", "Dataflow", "Elements", "Evidence", "Examples", "Explaining", "Hashing",
                "Inference",
                "Interchange", "Jobs", "Kafka", "LanguageModels", "LatentSheets", "Lineage", "LinearAlgebra",
                "Observability", "PipelineSheets",
                "RecordReading", "Records", "Running", "Scoring", "Shuffle", "Sinks", "SparseCoders", "Stages",
                "StateNotes",
                "Store", "TerminalText", "Tokenization", "Topology",
            ]),
        room(
            "Daemon",
            [
                "Checkpoints", "Dataflow", "Elements", "Hashing", "Inference", "Jobs", "LanguageModels",
                "LatentSheets", "LinearAlgebra",
                "Nodes", "Observability", "PipelineSheets", "RecordReading", "Records", "Running", "Serving", "Shuffle",
                "Sinks", "SparseCoders", "Stages", "StateNotes",
                "Store", "Tokenization", "Topology",
            ]),
        room(
            "Benchmarks",
            [
                "Dataflow", "Elements", "Evidence", "Hashing", "LanguageModels", "LinearAlgebra", "Records", "Reports",
                "SparseCoders", "Statistics", "Store", "TerminalText", "Tokenization",
            ]),
        .executableTarget(name: "kafka-mock", dependencies: ["Kafka"], swiftSettings: strict),
        .executableTarget(
            name: "gloss",
            dependencies: [
                "Alignment", "Benchmarks", "Corpus", "Daemon", "Dataflow", "Elements", "Evidence", "Explaining",
                "Nodes", "Running", "Hashing", "Inference", "Interchange", "JSONText", "Kafka", "LanguageModels",
                "LatentSheets", "LinearAlgebra", "Neuronpedia",
                "Observability", "PipelineSheets", "Planning", "Reports",
                "Dashboard", "Serving", "Shuffle", "SparseCoders", "StateNotes", "Store", "TerminalText",
                "Tokenization",
                "Topology",
                "WeightFiles",
                argumentParser, asyncHTTPClient, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"),
            ], swiftSettings: strict),

        // A server for tests of what asks language models.
        .target(
            name: "RuleJudgeServer", dependencies: ["Hashing", nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix")],
            path: "Tests/RuleJudgeServer", swiftSettings: strict),
        // What tests of any room share: numbers that are the same in every run, folders that go, goldens.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        // Records, results and state directories for the tests of what makes, keeps and shows results.
        .target(
            name: "StateFixtures", dependencies: ["Corpus", "Dataflow", "Elements", "Hashing", "Store"],
            path: "Tests/StateFixtures", swiftSettings: strict),

        tests("HashingTests", ["Hashing"]),
        tests("JSONTextTests", ["JSONText", "TestSupport"]),
        tests("DataflowTests", ["Dataflow"]),
        tests("LinearAlgebraTests", ["LinearAlgebra"]),
        tests("WeightFilesTests", ["TestSupport", "WeightFiles"]),
        tests("TokenizationTests", ["Elements", "Hashing", "TestSupport", "Tokenization", "WeightFiles"]),
        tests("LanguageModelsTests", ["Elements", "LanguageModels", "LinearAlgebra", "TestSupport", "WeightFiles"]),
        tests(
            "SparseCodersTests", ["Elements", "Hashing", "LinearAlgebra", "SparseCoders", "TestSupport", "WeightFiles"]),
        tests("AlignmentTests", ["Alignment", "Dataflow", "Elements", "TestSupport"]),
        tests("ElementsTests", ["Elements", "Hashing", "TestSupport"]),
        tests("EvidenceTests", ["Elements", "Evidence", "Hashing", "TestSupport"]),
        tests("ExamplesTests", ["Elements", "Examples", "Hashing"]),
        tests("KafkaTests", ["Kafka", "kafka-mock"]),
        tests("CorpusTests", ["Corpus", "CZlib", "Elements", "Hashing", "TestSupport"]),
        tests("RecordsTests", ["Corpus", "Elements", "Hashing", "Records", "TestSupport"]),
        tests("ShuffleTests", ["Elements", "Evidence", "Hashing", "Records", "Shuffle", "TestSupport"]),
        tests("TopologyTests", ["Hashing", "TestSupport", "Topology"]),
        tests("StoreTests", ["Elements", "Hashing", "Store", grdb]),
        tests("LineageTests", ["Elements", "Hashing", "Lineage", "Statistics"]),
        tests(
            "InferenceTests",
            [
                "Dataflow", "Elements", "Hashing", "Inference", "LanguageModels", "RuleJudgeServer", "TestSupport",
                "Tokenization",
            ]),
        tests("ExplainingTests", ["Elements", "Evidence", "Examples", "Explaining", "Hashing", "Inference"]),
        tests("StatisticsTests", ["Elements", "Statistics", "TestSupport"]),
        tests(
            "ScoringTests",
            [
                "Dataflow", "Elements", "Examples", "Explaining", "Hashing", "Inference", "Lineage", "RuleJudgeServer",
                "Scoring",
                "Statistics",
            ]),
        tests("TerminalTextTests", ["TerminalText"]),
        tests("StateNotesTests", ["Elements", "Hashing", "StateFixtures", "StateNotes", "Store"]),
        tests(
            "ReportsTests",
            [
                "Elements", "Hashing", "Interchange", "Lineage", "Reports", "Scoring", "StateFixtures", "StateNotes",
                "Statistics", "Store",
            ]),
        tests(
            "InterchangeTests",
            ["Elements", "Explaining", "Hashing", "Interchange", "Scoring", "StateFixtures", "Store", "TestSupport"]),
        tests(
            "LatentSheetsTests",
            [
                "Elements", "Evidence", "Hashing", "Interchange", "LatentSheets", "Lineage", "Scoring",
                "StateFixtures", "Store", "TestSupport",
            ]),
        tests("NeuronpediaTests", ["CZlib", "JSONText", "LatentSheets", "Neuronpedia"]),
        tests(
            "PipelineSheetsTests",
            ["Dataflow", "Elements", "Observability", "PipelineSheets", "StateFixtures", "Store", "TestSupport"]),
        tests("PlanningTests", ["JSONText", "Nodes", "Planning", "TestSupport", "Topology"]),
        tests(
            "DashboardTests",
            [
                "Dashboard", "Elements", "Evidence", "Hashing", "LatentSheets", "PipelineSheets", "StateFixtures",
                "Store",
            ]),
        tests(
            "ServingTests",
            [
                "Dashboard", "Dataflow", "Elements", "Interchange", "JSONText", "LatentSheets", "Observability",
                "PipelineSheets", "Running", "Serving", "StateFixtures", "StateNotes", "Store", "TestSupport",
                "Topology", yams,
                asyncHTTPClient, hummingbird, nio("NIOCore"), nio("NIOEmbedded"), nio("NIOHTTP1"), nio("NIOPosix"),
            ]),
        tests("RunningTests", ["Dataflow", "Elements", "Running", "StateFixtures", "Topology"]),
        tests(
            "CheckpointsTests",
            ["Checkpoints", "Dataflow", "Elements", "StateFixtures", "Store"]),
        tests(
            "RecordReadingTests",
            [
                "Checkpoints", "Corpus", "Dataflow", "Elements", "Evidence", "Hashing", "Interchange", "Kafka",
                "Observability", "RecordReading", "Records", "Running", "StateFixtures", "Store", "TestSupport",
            ]),
        tests("SinksTests", ["Dataflow", "Running", "Sinks", "StateFixtures", "Store", "Topology"]),
        tests(
            "JobsTests",
            [
                "Dataflow", "Elements", "Hashing", "Inference", "Jobs", "Observability", "Running", "Scoring",
                "StateFixtures", "StateNotes", "Store", "Topology",
            ]),
        tests(
            "StagesTests",
            [
                "Checkpoints", "Dataflow", "Elements", "Evidence", "Explaining", "Hashing", "Inference", "Jobs",
                "LanguageModels", "LatentSheets", "Lineage", "LinearAlgebra", "Observability", "Reports", "Running",
                "Scoring",
                "Serving", "Shuffle", "SparseCoders", "Stages", "StateFixtures", "StateNotes", "Statistics", "Store",
                "TestSupport", "Topology",
                "WeightFiles",
            ]),
        tests(
            "NodesTests",
            [
                "Checkpoints", "Corpus", "Dataflow", "Elements", "Evidence", "Explaining", "Hashing", "Inference",
                "Interchange", "Jobs", "Kafka", "LanguageModels", "LatentSheets", "Lineage", "LinearAlgebra", "Nodes",
                "Observability", "PipelineSheets", "RecordReading", "Records", "RuleJudgeServer", "Running", "Scoring",
                "Shuffle", "Sinks", "SparseCoders", "Stages",
                "StateFixtures", "StateNotes", "Store", "TestSupport", "Tokenization", "Topology", "WeightFiles",
            ]),
        tests(
            "ObservabilityTests", ["Dataflow", "Elements", "Observability", "StateFixtures", "TestSupport", metrics]),
        tests(
            "DaemonTests",
            [
                "Daemon", "Elements", "Kafka", "Nodes", "Observability", "RuleJudgeServer", "Running", "Serving",
                "Shuffle", "StateFixtures", "StateNotes", "Store", "TestSupport", "Topology", asyncHTTPClient,
                nio("NIOCore"),
                nio("NIOHTTP1"), nio("NIOPosix"),
            ]),
        tests(
            "GlossTests",
            [
                "Corpus", "Elements", "Evidence", "Hashing", "Inference", "Interchange", "JSONText", "Kafka",
                "LanguageModels", "LatentSheets", "LinearAlgebra", "Observability", "PipelineSheets", "Running",
                "Serving",
                "SparseCoders", "Store", "TerminalText", "TestSupport", "Tokenization", "Topology", "WeightFiles",
                "gloss",
                argumentParser,
            ]),
        tests(
            "BenchmarksTests",
            ["Benchmarks", "Dataflow", "Elements", "Evidence", "Hashing", "LinearAlgebra", "TestSupport"]),
        tests(
            "IntegrationTests",
            [
                "Elements", "Evidence", "Hashing", "Kafka", "LanguageModels", "LatentSheets", "LinearAlgebra",
                "Records",
                "RuleJudgeServer",
                "Scoring", "Serving",
                "SparseCoders", "StateNotes", "Statistics", "Store", "TestSupport", "Tokenization", "WeightFiles",
                "gloss",
                "kafka-mock",
                asyncHTTPClient, grdb, nio("NIOCore"), nio("NIOHTTP1"),
            ]),
    ]
)
