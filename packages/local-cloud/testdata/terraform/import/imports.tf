import {
  to = google_cloud_run_v2_service.plain
  id = "projects/demo/locations/us-central1/services/plain"
}

import {
  to = google_cloud_run_v2_service.full
  id = "projects/demo/locations/us-central1/services/full"
}

import {
  to = google_cloud_run_v2_service.manual
  id = "projects/demo/locations/us-central1/services/manual"
}

import {
  to = google_cloud_run_v2_job.plain
  id = "projects/demo/locations/us-central1/jobs/plain"
}

import {
  to = google_cloud_run_v2_job.full
  id = "projects/demo/locations/us-central1/jobs/full"
}

import {
  to = google_cloud_run_v2_worker_pool.plain
  id = "projects/demo/locations/us-central1/workerPools/plain"
}

import {
  to = google_cloud_run_v2_worker_pool.full
  id = "projects/demo/locations/us-central1/workerPools/full"
}

import {
  to = google_cloud_run_service.plain
  id = "locations/us-central1/namespaces/demo/services/plain-v1"
}

import {
  to = google_cloud_run_service.full
  id = "locations/us-central1/namespaces/demo/services/full-v1"
}

import {
  to = google_project_service.run
  id = "demo/run.googleapis.com"
}

import {
  to = google_secret_manager_secret.password
  id = "projects/demo/secrets/password"
}

import {
  to = google_secret_manager_secret.placed
  id = "projects/demo/secrets/placed"
}

import {
  to = google_secret_manager_secret_version.password
  id = "projects/demo/secrets/password/versions/1"
}

import {
  to = google_storage_bucket.plain
  id = "demo-plain"
}

import {
  to = google_storage_bucket.full
  id = "demo-full"
}

import {
  to = google_artifact_registry_repository.images
  id = "projects/demo/locations/us-central1/repositories/images"
}

import {
  to = google_cloud_run_v2_service_iam_member.plain
  id = "projects/demo/locations/us-central1/services/plain roles/run.invoker allUsers"
}

import {
  to = google_cloud_run_v2_service_iam_binding.full
  id = "projects/demo/locations/us-central1/services/full roles/run.invoker"
}

import {
  to = google_cloud_run_v2_service_iam_policy.manual
  id = "projects/demo/locations/us-central1/services/manual"
}

import {
  to = google_cloud_run_v2_job_iam_policy.full
  id = "projects/demo/locations/us-central1/jobs/full"
}

import {
  to = google_secret_manager_secret_iam_member.password
  id = "projects/demo/secrets/password roles/secretmanager.secretAccessor serviceAccount:runner-1@demo.iam.gserviceaccount.com"
}

import {
  to = google_storage_bucket_iam_member.full
  id = "b/demo-full roles/storage.objectViewer user:ann-1@shop.example"
}

import {
  to = google_artifact_registry_repository_iam_member.images
  id = "projects/demo/locations/us-central1/repositories/images roles/artifactregistry.reader user:ann-1@shop.example"
}

import {
  to = google_secret_manager_secret_version.placed
  id = "projects/demo/secrets/placed/versions/1"
}

import {
  to = google_cloud_run_service_iam_member.plain
  id = "projects/demo/locations/us-central1/services/plain-v1 roles/run.invoker allUsers"
}

import {
  to = google_cloud_run_v2_job_iam_member.plain
  id = "projects/demo/locations/us-central1/jobs/plain roles/run.invoker user:ann-1@shop.example"
}

import {
  to = google_cloud_run_v2_worker_pool_iam_binding.plain
  id = "projects/demo/locations/us-central1/workerPools/plain roles/run.viewer"
}
