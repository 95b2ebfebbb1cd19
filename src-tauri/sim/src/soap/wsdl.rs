//! The descriptions of the services, from which a standard SOAP client builds itself: `?singleWsdl` whole, and `?wsdl`
//! with its `?xsd=xsdN` parts. Only the simulated operations are described.

use crate::shared::Call;
use crate::soap::{OPERATIONS, TYPES};
use crate::wire::Reply;
use std::fmt::Write as _;

const SERIALIZATION: &str = "http://schemas.microsoft.com/2003/10/Serialization/";

/// A parameter or the result of an operation.
struct Parameter {
    name: &'static str,
    kind: &'static str,
    nillable: bool,
}

const fn nillable(name: &'static str, kind: &'static str) -> Parameter {
    Parameter { name, kind, nillable: true }
}

const fn required(name: &'static str, kind: &'static str) -> Parameter {
    Parameter { name, kind, nillable: false }
}

/// An operation: its name, parameters and result.
struct Operation {
    name: &'static str,
    parameters: &'static [Parameter],
    result: Parameter,
}

struct Service {
    interface: &'static str,
    name: &'static str,
    operations: &'static [Operation],
    /// The schema of the service's own types; empty if it has none.
    types: &'static str,
}

const DETAILED: &[Parameter] = &[
    nillable("auth", "q:AuthenticationInfo"),
    required("sessionId", "ser:guid"),
    nillable("pagination", "q:Pagination"),
    required("beginRange", "xs:dateTime"),
    required("endRange", "xs:dateTime"),
];

const USAGE: Service = Service {
    interface: "IUsageReporting",
    name: "UsageReporting",
    operations: &[
        Operation {
            name: "GetSessionDetailedUsage",
            parameters: DETAILED,
            result: nillable("GetSessionDetailedUsageResult", "q:DetailedUsageResponse"),
        },
        Operation {
            name: "GetSessionExtendedDetailedUsage",
            parameters: DETAILED,
            result: nillable("GetSessionExtendedDetailedUsageResult", "q:ExtendedDetailedUsageResponse"),
        },
    ],
    types: include_str!("usage_types.xsd"),
};

const AUTH: Service = Service {
    interface: "IAuth",
    name: "Auth",
    operations: &[
        Operation {
            name: "GetServerVersion",
            parameters: &[],
            result: nillable("GetServerVersionResult", "xs:string"),
        },
        Operation {
            name: "LogOnWithPassword",
            parameters: &[nillable("userKey", "xs:string"), nillable("password", "xs:string")],
            result: required("LogOnWithPasswordResult", "xs:boolean"),
        },
    ],
    types: "",
};

/// Answers `?wsdl`, `?singleWsdl` and `?xsd=xsdN` of a service.
pub(crate) fn answer(call: &Call<'_>) -> Reply {
    let service = if call.target.id == "auth.svc" { &AUTH } else { &USAGE };
    let address = format!("{}{}", call.request.origin, call.request.path);
    let schemas = schemas(service);
    let query = call.request.query.to_ascii_lowercase();
    let text = match query.strip_prefix("xsd=xsd") {
        Some(number) => {
            let part = number.parse::<usize>().ok().and_then(|number| schemas.get(number));
            part.map(|(_, schema)| with_locations(schema, &schemas, &address))
        }
        None => Some(wsdl(service, &address, &schemas, query.starts_with("singlewsdl"))),
    };
    text.map_or_else(
        || Reply::empty(404),
        |text| Reply::xml(200, format!(r#"<?xml version="1.0" encoding="utf-8"?>{text}"#)),
    )
}

/// The schemas with their namespaces.
fn schemas(service: &Service) -> Vec<(&'static str, String)> {
    let mut schemas = vec![(OPERATIONS, operations_schema(service))];
    schemas.push((SERIALIZATION, include_str!("serialization.xsd").to_owned()));
    if !service.types.is_empty() {
        schemas.push((TYPES, service.types.to_owned()));
    }
    schemas
}

/// A schema that is sent alone says where the schemas it imports are. Inside the single description they are all in one
/// document.
fn with_locations(schema: &str, schemas: &[(&'static str, String)], address: &str) -> String {
    schemas.iter().enumerate().fold(schema.to_owned(), |schema, (number, (namespace, _))| {
        let import = format!(r#"<xs:import namespace="{namespace}"/>"#);
        let located = format!(r#"<xs:import schemaLocation="{address}?xsd=xsd{number}" namespace="{namespace}"/>"#);
        schema.replace(&import, &located)
    })
}

fn operations_schema(service: &Service) -> String {
    let mut xml = format!(
        r#"<xs:schema elementFormDefault="qualified" targetNamespace="{OPERATIONS}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ser="{SERIALIZATION}" xmlns:q="{TYPES}"><xs:import namespace="{SERIALIZATION}"/>"#
    );
    if !service.types.is_empty() {
        let _ = write!(xml, r#"<xs:import namespace="{TYPES}"/>"#);
    }
    for operation in service.operations {
        push_element(&mut xml, operation.name, operation.parameters);
        push_element(&mut xml, &format!("{}Response", operation.name), std::slice::from_ref(&operation.result));
    }
    xml.push_str("</xs:schema>");
    xml
}

fn push_element(xml: &mut String, name: &str, members: &[Parameter]) {
    let _ = write!(xml, r#"<xs:element name="{name}"><xs:complexType><xs:sequence>"#);
    for Parameter { name, kind, nillable } in members {
        let nillable = if *nillable { r#" nillable="true""# } else { "" };
        let _ = write!(xml, r#"<xs:element minOccurs="0" name="{name}"{nillable} type="{kind}"/>"#);
    }
    xml.push_str("</xs:sequence></xs:complexType></xs:element>");
}

fn wsdl(service: &Service, address: &str, schemas: &[(&'static str, String)], single: bool) -> String {
    let Service { interface, name, operations, .. } = service;
    let mut xml = format!(
        r#"<wsdl:definitions name="{name}" targetNamespace="{OPERATIONS}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="{OPERATIONS}" xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl"><wsdl:types>"#
    );
    if single {
        for (_, schema) in schemas {
            xml.push_str(schema);
        }
    } else {
        let _ = write!(xml, r#"<xsd:schema targetNamespace="{OPERATIONS}Imports">"#);
        for (number, (namespace, _)) in schemas.iter().enumerate() {
            let _ = write!(xml, r#"<xsd:import schemaLocation="{address}?xsd=xsd{number}" namespace="{namespace}"/>"#);
        }
        xml.push_str("</xsd:schema>");
    }
    xml.push_str("</wsdl:types>");
    for Operation { name, .. } in *operations {
        let _ = write!(
            xml,
            r#"<wsdl:message name="{interface}_{name}_InputMessage"><wsdl:part name="parameters" element="tns:{name}"/></wsdl:message><wsdl:message name="{interface}_{name}_OutputMessage"><wsdl:part name="parameters" element="tns:{name}Response"/></wsdl:message>"#
        );
    }
    let _ = write!(xml, r#"<wsdl:portType name="{interface}">"#);
    for Operation { name, .. } in *operations {
        let action = format!("{OPERATIONS}{interface}/{name}");
        let _ = write!(
            xml,
            r#"<wsdl:operation name="{name}"><wsdl:input wsaw:Action="{action}" message="tns:{interface}_{name}_InputMessage"/><wsdl:output wsaw:Action="{action}Response" message="tns:{interface}_{name}_OutputMessage"/></wsdl:operation>"#
        );
    }
    let _ = write!(
        xml,
        r#"</wsdl:portType><wsdl:binding name="BasicHttpBinding_{interface}" type="tns:{interface}"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>"#
    );
    for Operation { name, .. } in *operations {
        let _ = write!(
            xml,
            r#"<wsdl:operation name="{name}"><soap:operation soapAction="{OPERATIONS}{interface}/{name}" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>"#
        );
    }
    let _ = write!(
        xml,
        r#"</wsdl:binding><wsdl:service name="{name}"><wsdl:port name="BasicHttpBinding_{interface}" binding="tns:BasicHttpBinding_{interface}"><soap:address location="{address}"/></wsdl:port></wsdl:service></wsdl:definitions>"#
    );
    xml
}
