import Foundation
import TestSupport
import Testing

/// A certificate for 127.0.0.1, its authority, and another authority; made by the openssl command.
struct Certificates {
    let authority: String
    let otherAuthority: String
    let certificate: String
    let key: String

    init(in folder: TemporaryFolder) throws {
        authority = folder.file("ca.pem")
        otherAuthority = folder.file("other.pem")
        certificate = folder.file("server.pem")
        key = folder.file("server.key")
        func openssl(_ arguments: String) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "openssl \(arguments)")
        }
        let new = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        for (path, name) in [(authority, "ca"), (otherAuthority, "other")] {
            try openssl("req -x509 \(new) -subj /CN=\(name) -days 2 -keyout \(folder.file(name + ".key")) -out \(path)")
        }
        try openssl("req \(new) -subj /CN=broker -keyout \(key) -out \(folder.file("server.csr"))")
        try folder.write("subjectAltName=IP:127.0.0.1\n", to: "server.ext")
        try openssl(
            "x509 -req -in \(folder.file("server.csr")) -CA \(authority) -CAkey \(folder.file("ca.key")) -days 2 "
                + "-set_serial 1 -extfile \(folder.file("server.ext")) -out \(certificate)")
    }
}
