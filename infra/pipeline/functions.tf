# Who does what. Each function has a role of its own, which may do what its call says here and nothing else.

module "fetch" {
  source = "./modules/function"

  name    = "${var.name}-fetch"
  does    = "Asks Spotify for what is due, and keeps it as it was sent."
  handler = "longplay.entrypoints.lambdas.fetch"
  package = local.package
  seconds = 300
  memory  = 512

  lists             = [local.lake]
  reads             = ["${local.lake}/state/*", "${local.lake}/rejected/*"] # a page that was told as broken is not offered again
  writes            = ["${local.lake}/raw/api/*", "${local.lake}/state/*"]
  deletes           = ["${local.lake}/state/*"]
  reads_parameters  = ["${local.parameters}/app/*", "${local.parameters}/listeners/*"]
  writes_parameters = ["${local.parameters}/listeners/*"]

  environment = local.environment
  log_days    = var.log_days
}

module "process" {
  source = "./modules/function"

  name    = "${var.name}-process"
  does    = "Turns one page, as Spotify sent it, into typed rows."
  handler = "longplay.entrypoints.lambdas.process"
  package = local.package
  seconds = 120
  memory  = 1024

  reads  = ["${local.lake}/raw/api/*"]
  writes = ["${local.lake}/processed/*", "${local.lake}/rejected/*"]

  environment = local.environment
  log_days    = var.log_days
}

module "import_export" {
  source = "./modules/function"

  name    = "${var.name}-import-export"
  does    = "Brings in an archive of the inbox, raw and typed, and deletes it; puts aside one that cannot be read."
  handler = "longplay.entrypoints.lambdas.import_export"
  package = local.package
  seconds = 900
  memory  = 2048
  disk    = 4096

  lists   = [local.lake, local.inbox]
  reads   = ["${local.inbox}/*", "${local.lake}/processed/*", "${local.lake}/rejected/*"] # the sum of an archive that is there already
  writes  = ["${local.lake}/raw/export/*", "${local.lake}/processed/*", "${local.lake}/rejected/*", "${local.inbox}/failed/*"]
  deletes = ["${local.inbox}/*"]

  environment = local.environment
  log_days    = var.log_days
}

module "enrich" {
  source = "./modules/function"

  name    = "${var.name}-enrich"
  does    = "Asks others how tracks sound and which genres artists have, and keeps their answers."
  handler = "longplay.entrypoints.lambdas.enrich"
  package = local.package
  seconds = 900
  memory  = 1024

  lists             = [local.lake]
  reads             = ["${local.lake}/state/*"]
  writes            = ["${local.lake}/raw/api/*", "${local.lake}/state/*"]
  reads_parameters  = ["${local.parameters}/app/*", "${local.parameters}/listeners/*"]
  writes_parameters = ["${local.parameters}/listeners/*"]

  environment = local.environment
  log_days    = var.log_days
}
